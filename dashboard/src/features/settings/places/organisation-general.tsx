import { Stack, TextInput } from '@mantine/core'
import { useSuspenseQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import {
  organisationSettings,
  useChangeSettings,
  useDeletePlace,
  type OrganisationSettings,
} from '@/data/place-settings'
import { messageOf } from '@/lib/errors'
import type { OrganisationId } from '@/lib/ids'
import { confirm } from '@/ui/confirm'
import { notifyDone } from '@/ui/notify'
import { Page } from '@/ui/page'
import { SaveBar } from '@/ui/save-bar'
import { Screen } from '@/widgets/screen'
import { Danger, SettingSwitch } from '../block'
import { useDraft } from '../draft'
import { Problem } from '../problem'

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
  const { draft, set, changed, amount, discard } = useDraft({
    name: saved.name,
    force_2fa: saved.force_2fa,
    restrict_project_create_to_admin: saved.restrict_project_create_to_admin,
    persist_trait_data: saved.persist_trait_data,
    stop_serving_flags: saved.stop_serving_flags,
    webhook_notification_email: saved.webhook_notification_email,
  })
  const change = useChangeSettings({ organisation })
  const remove = useDeletePlace({ organisation })
  const navigate = useNavigate()
  const drop = () =>
    confirm({
      title: `Delete ${saved.name}?`,
      children:
        'All its projects, environments and features go, and every application that uses them is refused.',
      action: 'Delete the organisation',
      typed: saved.name,
      destructive: true,
      onConfirm: () => remove.mutate(undefined, { onSuccess: () => void navigate({ to: '/' }) }),
    })
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
        <Problem text={change.error && messageOf(change.error)} />
        <SaveBar
          changes={amount}
          onDiscard={discard}
          saving={change.isPending}
          action="Save the settings"
          onSave={() =>
            change.mutate(changed, {
              onSuccess: () => {
                discard()
                notifyDone({ message: 'The settings were saved' })
              },
            })
          }
        />
      </Stack>
      <Danger
        title="Delete the organisation"
        about="With all its projects. There is no way back."
        action="Delete the organisation…"
        loading={remove.isPending}
        onAct={drop}
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
