import { Button, Drawer, Tabs } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconUserSearch } from '@tabler/icons-react'
import { useQuery, useSuspenseQuery } from '@tanstack/react-query'
import { useMemo, type ReactNode } from 'react'
import { featureWith, healthOf, type FeatureInFull } from '@/data/flag'
import type { FeatureId } from '@/lib/ids'
import { CopyButton } from '@/ui/copy-button'
import { Page } from '@/ui/page'
import { usePaletteActions } from '@/widgets/palette-actions'
import { Screen } from '@/widgets/screen'
import { useShortcuts } from '@/widgets/shortcuts'
import { TestAs } from '@/widgets/test-as'
import { useEnvironment, useProject } from '@/widgets/use-environment'
import { LeaveGuard } from '@/widgets/leave-guard'
import { CodeReferences } from './code-references'
import { Details } from './details'
import { EnvironmentTable } from './environment-table'
import { FlagBadges } from './flag-badges'
import { FlagMenu } from './flag-menu'
import { TABS, type FlagPageSearch } from './flag-search'
import { Health } from './health'
import { useNames } from './names'
import { SavePanel } from './save-panel'
import { Scheduled } from './scheduled'
import { Targeting } from './targeting'
import { hereIn, useDraft } from './use-draft'
import classes from './flag-screen.module.css'

interface FlagScreenProps {
  featureId: FeatureId
  search: FlagPageSearch
  onSearch: (changes: Partial<FlagPageSearch>) => void
  /** The changes of the flag, drawn by the audit log. */
  history: ReactNode
  /** How often it was evaluated, drawn by the usage page. */
  usage: ReactNode
}

/** Everything about one flag on one page. */
export function FlagScreen(props: FlagScreenProps) {
  return (
    <Screen what="the flag">
      {/* Another flag is another draft. */}
      <LoadedFlag key={props.featureId} {...props} />
    </Screen>
  )
}

function LoadedFlag({ featureId, ...rest }: FlagScreenProps) {
  const project = useProject()
  const environment = useEnvironment()
  const { data: feature } = useSuspenseQuery(featureWith(project.id, featureId))
  const [isTesting, testing] = useDisclosure(false)
  const { open } = testing
  usePaletteActions(
    useMemo(
      () => [
        {
          id: 'test-as',
          label: `Test ${feature.name} as…`,
          group: 'Actions',
          icon: IconUserSearch,
          run: open,
        },
      ],
      [feature.name, open],
    ),
  )
  useShortcuts(useMemo(() => [{ keys: 't', about: 'Test the flag as somebody', run: open }], [open]))
  return (
    <Page
      title={feature.name}
      of={`${environment.name} · ${project.name}`}
      about={<FlagBadges feature={feature} />}
      actions={
        <>
          <CopyButton text={feature.name} what="the name" />
          <Button variant="default" leftSection={<IconUserSearch size={15} />} onClick={open}>
            Test as…
          </Button>
          <FlagMenu feature={feature} />
        </>
      }
    >
      <FlagBody feature={feature} {...rest} />
      <Drawer
        opened={isTesting}
        onClose={testing.close}
        position="right"
        size={460}
        title={`${feature.name} in ${environment.name}`}
      >
        <TestAs environmentKey={environment.api_key} projectId={project.id} feature={feature.id} />
      </Drawer>
    </Page>
  )
}

type BodyProps = Omit<FlagScreenProps, 'featureId'> & { feature: FeatureInFull }

function FlagBody(props: BodyProps) {
  const { feature } = props
  const project = useProject()
  const drafting = useDraft(project.id, feature.id)
  const here = hereIn(drafting.all, useEnvironment().api_key)
  const { segments, names } = useNames(project.id, feature)
  return (
    <div className={classes['body']}>
      <div className={classes['main']}>
        <EnvironmentTable feature={feature} all={drafting.all} chosen={here} />
        <Targeting {...{ feature, here, segments, names }} />
        <Scheduled {...{ feature, drafting, segments, names }} />
        <Around {...props} />
        <SavePanel {...{ feature, drafting, names }} />
      </div>
      <Details feature={feature} isDrafted={drafting.drafted.length > 0} />
      <LeaveGuard
        isDrafted={drafting.drafted.length > 0}
        keeps={(path) => path.endsWith(`/features/${feature.id}`)}
      />
    </div>
  )
}

/** What is known about the flag besides what it does. */
function Around({ feature, search, onSearch, history, usage }: BodyProps) {
  const project = useProject()
  const { data: events = [] } = useQuery(healthOf(project.id))
  const mine = events.filter((event) => event.feature === feature.id)
  return (
    <Tabs
      keepMounted={false}
      value={search.tab ?? 'history'}
      onChange={(tab) =>
        onSearch({ tab: TABS.find((each) => each === tab && each !== 'history'), page: undefined })
      }
    >
      <Tabs.List aria-label="About the flag">
        <Tabs.Tab value="history">History</Tabs.Tab>
        <Tabs.Tab value="usage">Usage</Tabs.Tab>
        <Tabs.Tab value="code">Code</Tabs.Tab>
        {(mine.length > 0 || search.tab === 'health') && <Tabs.Tab value="health">Health</Tabs.Tab>}
      </Tabs.List>
      <Tabs.Panel value="history">
        <Screen what="the history">{history}</Screen>
      </Tabs.Panel>
      <Tabs.Panel value="usage">
        <Screen what="the usage">{usage}</Screen>
      </Tabs.Panel>
      <Tabs.Panel value="code">
        <Screen what="the code references">
          <CodeReferences feature={feature} />
        </Screen>
      </Tabs.Panel>
      <Tabs.Panel value="health">
        <Health events={mine} />
      </Tabs.Panel>
    </Tabs>
  )
}
