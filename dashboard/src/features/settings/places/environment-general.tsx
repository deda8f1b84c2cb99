import { ColorInput, Select, Stack, Textarea, TextInput } from '@mantine/core'
import { useSuspenseQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import {
  environmentSettings,
  useChangeSettings,
  useDeletePlace,
  useSetVersioning,
  type EnvironmentSettings,
} from '@/data/place-settings'
import { messageOf } from '@/lib/errors'
import { confirm } from '@/ui/confirm'
import { HUES } from '@/ui/hues'
import { notifyDone } from '@/ui/notify'
import { Page } from '@/ui/page'
import { SaveBar } from '@/ui/save-bar'
import { Screen } from '@/widgets/screen'
import { useEnvironment, useProject } from '@/widgets/use-environment'
import { Block, Danger, SettingSwitch } from '../block'
import { useDraft } from '../draft'
import { Problem } from '../problem'

export function EnvironmentGeneral() {
  const { name, api_key } = useEnvironment()
  return (
    <Page title="General" of={name} about={`Of the environment ${name}`} narrow>
      <Screen what="the settings">
        <Facts key={api_key} />
      </Screen>
    </Page>
  )
}

type Inherited = 'project' | 'yes' | 'no'

function Facts() {
  const { id: project } = useProject()
  const { api_key: environment } = useEnvironment()
  const { data: saved } = useSuspenseQuery(environmentSettings(project, environment))
  const { draft, set, changed, amount, discard } = useDraft({
    name: saved.name,
    description: saved.description,
    banner_colour: saved.banner_colour,
    banner_text: saved.banner_text,
    hide_disabled_flags: saved.hide_disabled_flags,
    hide_sensitive_data: saved.hide_sensitive_data,
    allow_client_traits: saved.allow_client_traits,
    use_identity_composite_key_for_hashing: saved.use_identity_composite_key_for_hashing,
    use_identity_overrides_in_local_eval: saved.use_identity_overrides_in_local_eval,
  })
  const change = useChangeSettings({ project, environment })
  const save = () =>
    change.mutate(changed, {
      onSuccess: () => {
        discard()
        notifyDone({ message: 'The settings were saved' })
      },
    })
  return (
    <>
      <Stack gap="md" mt="xs">
        <TextInput
          label="Name"
          value={draft.name}
          onChange={(event) => set('name', event.currentTarget.value)}
        />
        <Textarea
          label="Description"
          autosize
          value={draft.description ?? ''}
          onChange={(event) => set('description', event.currentTarget.value || null)}
        />
        <ColorInput
          label="Colour"
          description="Everywhere that the environment appears; empty for one by its name"
          format="hex"
          swatches={Object.values(HUES)}
          value={draft.banner_colour ?? ''}
          onChange={(colour) => set('banner_colour', colour || null)}
        />
        <TextInput
          label="Note"
          description="What people should know before they change something here"
          value={draft.banner_text ?? ''}
          onChange={(event) => set('banner_text', event.currentTarget.value || null)}
        />
        <Select
          label="SDKs see features that are off"
          allowDeselect={false}
          data={[
            { value: 'project', label: 'As the project says' },
            { value: 'no', label: 'Yes' },
            { value: 'yes', label: 'No, they are hidden' },
          ]}
          value={inherited(draft.hide_disabled_flags)}
          onChange={(next) => set('hide_disabled_flags', next === 'project' ? null : next === 'yes')}
        />
        <Switches draft={draft} set={set} />
        <Problem text={change.error && messageOf(change.error)} />
        <SaveBar
          changes={amount}
          onDiscard={discard}
          saving={change.isPending}
          action="Save the settings"
          onSave={save}
        />
      </Stack>
      <Versioning />
      <DeleteEnvironment />
    </>
  )
}

interface SwitchesProps {
  draft: Pick<
    EnvironmentSettings,
    | 'hide_sensitive_data'
    | 'allow_client_traits'
    | 'use_identity_composite_key_for_hashing'
    | 'use_identity_overrides_in_local_eval'
  >
  set: (name: keyof SwitchesProps['draft'], on: boolean) => void
}

function Switches({ draft, set }: SwitchesProps) {
  return (
    <>
      <SettingSwitch
        label="SDKs get no sensitive data"
        about="Ids, dates and descriptions are left out of what clients receive."
        checked={draft.hide_sensitive_data}
        onChange={(on) => set('hide_sensitive_data', on)}
      />
      <SettingSwitch
        label="Clients may set traits"
        about="With the public key. Turned off, only servers can."
        checked={draft.allow_client_traits}
        onChange={(on) => set('allow_client_traits', on)}
      />
      <SettingSwitch
        label="Percentages by environment and identifier"
        about="The same person falls into the same share in remote and local evaluation. Changing it moves people between shares."
        checked={draft.use_identity_composite_key_for_hashing}
        onChange={(on) => set('use_identity_composite_key_for_hashing', on)}
      />
      <SettingSwitch
        label="Identity overrides in local evaluation"
        about="Servers that evaluate by themselves also get what single people have."
        checked={draft.use_identity_overrides_in_local_eval}
        onChange={(on) => set('use_identity_overrides_in_local_eval', on)}
      />
    </>
  )
}

function inherited(hide: boolean | null): Inherited {
  if (hide === null) return 'project'
  return hide ? 'yes' : 'no'
}

function Versioning() {
  const { id: project } = useProject()
  const { api_key: environment, name, use_v2_feature_versioning: on } = useEnvironment()
  const setVersioning = useSetVersioning({ project, environment })
  const flip = () =>
    confirm({
      title: on ? `Turn versions off in ${name}?` : `Turn versions on in ${name}?`,
      children: on
        ? 'The last version of each feature stays as it is; what waits for its time is dropped.'
        : 'Each change of a feature becomes a version that can be scheduled. The older feature-state API is read-only then.',
      action: on ? 'Turn versions off' : 'Turn versions on',
      onConfirm: () =>
        setVersioning.mutate(!on, {
          onSuccess: () => notifyDone({ message: on ? 'Versions are off' : 'Versions are on' }),
        }),
    })
  return (
    <Block title="Versions of features">
      <SettingSwitch
        label="Keep each change as a version"
        about="So that several changes are published at once, or later."
        checked={on}
        disabled={setVersioning.isPending}
        onChange={flip}
      />
    </Block>
  )
}

function DeleteEnvironment() {
  const { id: project } = useProject()
  const { api_key: environment, name } = useEnvironment()
  const remove = useDeletePlace({ project, environment })
  const navigate = useNavigate()
  const drop = () =>
    confirm({
      title: `Delete ${name}?`,
      children: `The state of every feature in ${name} goes, and applications that use its keys are refused.`,
      action: 'Delete the environment',
      typed: name,
      destructive: true,
      onConfirm: () =>
        remove.mutate(undefined, {
          onSuccess: () =>
            void navigate({
              to: '/project/$projectId/settings',
              params: { projectId: String(project) },
              search: { tab: 'environments' },
            }),
        }),
    })
  return (
    <Danger
      title="Delete the environment"
      about="With its keys, overrides and identities. There is no way back."
      action="Delete the environment…"
      loading={remove.isPending}
      onAct={drop}
    />
  )
}
