import { ColorInput, Select, Stack, Textarea, TextInput } from '@mantine/core'
import { useSuspenseQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { environmentSettings, useSetVersioning, type EnvironmentSettings } from '@/data/place-settings'
import { confirm } from '@/ui/confirm'
import { HUES } from '@/ui/hues'
import { notifyDone } from '@/ui/notify'
import { Page } from '@/ui/page'
import { Screen } from '@/widgets/screen'
import { useEnvironment, useProject } from '@/widgets/use-environment'
import { Block, SettingSwitch } from '../block'
import { DeletePlace } from '../delete-place'
import { SettingsSave } from '../settings-save'
import { useSettings } from '../use-settings'

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
  const { draft, set, saving } = useSettings(
    { project, environment },
    {
      name: saved.name,
      description: saved.description,
      banner_colour: saved.banner_colour,
      banner_text: saved.banner_text,
      is_protected: saved.is_protected,
      hide_disabled_flags: saved.hide_disabled_flags,
      hide_sensitive_data: saved.hide_sensitive_data,
      allow_client_traits: saved.allow_client_traits,
      use_identity_composite_key_for_hashing: saved.use_identity_composite_key_for_hashing,
      use_identity_overrides_in_local_eval: saved.use_identity_overrides_in_local_eval,
    },
  )
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
        <SettingsSave saving={saving} />
      </Stack>
      <Versioning />
      <DeleteEnvironment />
    </>
  )
}

interface SwitchesProps {
  draft: Pick<
    EnvironmentSettings,
    | 'is_protected'
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
        label="Ask before a flag changes here"
        about="With what changes and for whom. For people at this dashboard; scripts are not held up."
        checked={draft.is_protected}
        onChange={(on) => set('is_protected', on)}
      />
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
  const navigate = useNavigate()
  return (
    <DeletePlace
      place={{ project, environment }}
      kind="environment"
      name={name}
      about="With its keys, overrides and identities."
      goes={`The state of every feature in ${name} goes, and applications that use its keys are refused.`}
      onDeleted={() =>
        void navigate({
          to: '/project/$projectId/settings',
          params: { projectId: String(project) },
          search: { tab: 'environments' },
          ignoreBlocker: true,
        })
      }
    />
  )
}
