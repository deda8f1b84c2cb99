import { NumberInput, Stack, Text, TextInput } from '@mantine/core'
import { useSuspenseQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { projectSettings, type ProjectSettings } from '@/data/place-settings'
import { count } from '@/lib/format'
import { Page } from '@/ui/page'
import { Screen } from '@/widgets/screen'
import { useProject } from '@/widgets/use-environment'
import { Block, SettingSwitch } from '../block'
import { DeletePlace } from '../delete-place'
import { SettingsSave } from '../settings-save'
import { useSettings } from '../use-settings'

export function ProjectGeneral() {
  const { name } = useProject()
  return (
    <Page title="General" of={name} about={`Of the project ${name}`} narrow>
      <Screen what="the settings">
        <Facts />
      </Screen>
    </Page>
  )
}

function Facts() {
  const { id: project } = useProject()
  const { data: saved } = useSuspenseQuery(projectSettings(project))
  const { draft, set, saving } = useSettings(
    { project },
    {
      name: saved.name,
      hide_disabled_flags: saved.hide_disabled_flags,
      enable_realtime_updates: saved.enable_realtime_updates,
      prevent_flag_defaults: saved.prevent_flag_defaults,
      only_allow_lower_case_feature_names: saved.only_allow_lower_case_feature_names,
      enforce_feature_owners: saved.enforce_feature_owners,
      feature_name_regex: saved.feature_name_regex,
      stale_flags_limit_days: saved.stale_flags_limit_days,
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
        <NumberInput
          label="Features are stale after"
          suffix=" days without a change"
          min={0}
          allowDecimal={false}
          value={draft.stale_flags_limit_days}
          onChange={(days) => set('stale_flags_limit_days', Number(days))}
        />
        <TextInput
          label="Names of features must fit"
          description="A regular expression; empty for any name"
          classNames={{ input: 'mono' }}
          placeholder="^[a-z]+(_[a-z0-9]+)*$"
          value={draft.feature_name_regex ?? ''}
          onChange={(event) => set('feature_name_regex', event.currentTarget.value || null)}
        />
        <Switches draft={draft} set={set} />
        <SettingsSave saving={saving} />
      </Stack>
      <Block title="Limits" about="Of this server">
        <Text size="sm">
          {count(saved.max_features_allowed)} features, of which {count(saved.total_features ?? 0)} are used;{' '}
          {count(saved.max_segments_allowed)} segments, of which {count(saved.total_segments ?? 0)} are used;{' '}
          {count(saved.max_segment_overrides_allowed)} segment overrides in each environment.
        </Text>
      </Block>
      <DeleteProject />
    </>
  )
}

interface SwitchesProps {
  draft: Pick<
    ProjectSettings,
    | 'only_allow_lower_case_feature_names'
    | 'enforce_feature_owners'
    | 'prevent_flag_defaults'
    | 'hide_disabled_flags'
    | 'enable_realtime_updates'
  >
  set: (name: keyof SwitchesProps['draft'], on: boolean) => void
}

function Switches({ draft, set }: SwitchesProps) {
  return (
    <>
      <SettingSwitch
        label="Lower-case names only"
        about="Of features; code that spells one with capitals would not find it."
        checked={draft.only_allow_lower_case_feature_names}
        onChange={(on) => set('only_allow_lower_case_feature_names', on)}
      />
      <SettingSwitch
        label="Every feature has an owner"
        about="A person or a group, named when it is created."
        checked={draft.enforce_feature_owners}
        onChange={(on) => set('enforce_feature_owners', on)}
      />
      <SettingSwitch
        label="New features start off and without a value"
        about="Each environment is set by itself; none takes over what was given at creation."
        checked={draft.prevent_flag_defaults}
        onChange={(on) => set('prevent_flag_defaults', on)}
      />
      <SettingSwitch
        label="SDKs do not see features that are off"
        about="Keeps unreleased names out of browsers. An environment can decide otherwise."
        checked={draft.hide_disabled_flags}
        onChange={(on) => set('hide_disabled_flags', on)}
      />
      <SettingSwitch
        label="Realtime updates for SDKs"
        about="Applications that listen learn of a change at once."
        checked={draft.enable_realtime_updates}
        onChange={(on) => set('enable_realtime_updates', on)}
      />
    </>
  )
}

function DeleteProject() {
  const { id: project, name, organisation } = useProject()
  const navigate = useNavigate()
  return (
    <DeletePlace
      place={{ project }}
      kind="project"
      name={name}
      about="With all its environments and features."
      goes="All its environments, features and segments go, and every application that uses them is refused."
      onDeleted={() =>
        void navigate({
          to: '/organisation/$organisationId/projects',
          params: { organisationId: String(organisation) },
          ignoreBlocker: true,
        })
      }
    />
  )
}
