import { Stack, TextInput } from '@mantine/core'
import { useSuspenseQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { organisationSettings, type OrganisationSettings } from '@/data/place-settings'
import type { OrganisationId } from '@/lib/ids'
import { Page } from '@/ui/page'
import { Screen } from '@/widgets/screen'
import { SettingSwitch } from '../block'
import { DeletePlace } from '../delete-place'
import { SettingsSave } from '../settings-save'
import { useSettings } from '../use-settings'

export function OrganisationGeneral({
  organisation,
  name,
}: {
  organisation: OrganisationId
  name: string | undefined
}) {
  return (
    <Page title="General" of={name} about="Of the whole organisation" narrow>
      <Screen what="the settings">
        <Facts organisation={organisation} />
      </Screen>
    </Page>
  )
}

function Facts({ organisation }: { organisation: OrganisationId }) {
  const { data: saved } = useSuspenseQuery(organisationSettings(organisation))
  const { draft, set, saving } = useSettings(
    { organisation },
    {
      name: saved.name,
      force_2fa: saved.force_2fa,
      restrict_project_create_to_admin: saved.restrict_project_create_to_admin,
      persist_trait_data: saved.persist_trait_data,
      stop_serving_flags: saved.stop_serving_flags,
      webhook_notification_email: saved.webhook_notification_email,
    },
  )
  const navigate = useNavigate()
  return (
    <>
      <Stack gap="md" mt="xs">
        <TextInput
          label="Name"
          value={draft.name}
          onChange={(event) => set('name', event.currentTarget.value)}
        />
        <TextInput
          label="Write to whom when a webhook is paused"
          type="email"
          placeholder="The administrators"
          value={draft.webhook_notification_email ?? ''}
          onChange={(event) => set('webhook_notification_email', event.currentTarget.value || null)}
        />
        <Switches draft={draft} set={set} />
        <SettingsSave saving={saving} />
      </Stack>
      <DeletePlace
        place={{ organisation }}
        kind="organisation"
        name={saved.name}
        about="With all its projects."
        goes="All its projects, environments and features go, and every application that uses them is refused."
        onDeleted={() => void navigate({ to: '/', ignoreBlocker: true })}
      />
    </>
  )
}

interface SwitchesProps {
  draft: Pick<
    OrganisationSettings,
    'force_2fa' | 'restrict_project_create_to_admin' | 'persist_trait_data' | 'stop_serving_flags'
  >
  set: (name: keyof SwitchesProps['draft'], on: boolean) => void
}

function Switches({ draft, set }: SwitchesProps) {
  return (
    <>
      <SettingSwitch
        label="Everybody needs a second factor"
        about="Members set one up at their next sign-in."
        checked={draft.force_2fa}
        onChange={(on) => set('force_2fa', on)}
      />
      <SettingSwitch
        label="Only administrators create projects"
        about="Otherwise also whoever was granted it."
        checked={draft.restrict_project_create_to_admin}
        onChange={(on) => set('restrict_project_create_to_admin', on)}
      />
      <SettingSwitch
        label="Keep traits"
        about="Traits that applications send are stored with the identity. Turned off, they only count for that one answer."
        checked={draft.persist_trait_data}
        onChange={(on) => set('persist_trait_data', on)}
      />
      <SettingSwitch
        label="Stop serving flags"
        about="Every application of every project is refused. For emergencies."
        checked={draft.stop_serving_flags}
        onChange={(on) => set('stop_serving_flags', on)}
      />
    </>
  )
}
