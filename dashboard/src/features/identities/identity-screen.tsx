import { ActionIcon, Menu } from '@mantine/core'
import { IconDots, IconTrash } from '@tabler/icons-react'
import { useQuery, useSuspenseQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { explanationOf } from '@/data/explain'
import { identityCalled, identityWith, useDeleteIdentity, type Identity } from '@/data/identities'
import { dayAgo, plural } from '@/lib/format'
import type { IdentityId } from '@/lib/ids'
import { confirm } from '@/ui/confirm'
import { notifyDone } from '@/ui/notify'
import { Page } from '@/ui/page'
import { Can } from '@/widgets/can'
import { Moment } from '@/widgets/moment'
import { Screen } from '@/widgets/screen'
import { TraceList } from '@/widgets/trace-list'
import type { TraceSearch } from '@/widgets/trace-search'
import { useEnvironment, useProject } from '@/widgets/use-environment'
import { IdentitySegments } from './identity-segments'
import { IdentityTraits } from './identity-traits'
import { OverridePanel } from './override-panel'
import classes from './identities.module.css'

interface IdentityScreenProps {
  id: IdentityId
  search: TraceSearch
  onSearch: (changes: Partial<TraceSearch>) => void
}

/** One identity: what is known of it, what follows, and what it gets. */
export function IdentityScreen(props: IdentityScreenProps) {
  return (
    <Screen what="the identity">
      <LoadedIdentity {...props} key={props.id} />
    </Screen>
  )
}

function LoadedIdentity({ id, search, onSearch }: IdentityScreenProps) {
  const project = useProject()
  const environment = useEnvironment()
  const { data: identity } = useSuspenseQuery(identityWith(project.id, environment.api_key, id))
  return (
    <Page
      title={identity.identifier}
      of={`${environment.name} · ${project.name}`}
      about={<Facts identity={identity} />}
      actions={<IdentityMenu identity={identity} />}
    >
      <div className={classes['columns']}>
        <Screen what="why">
          <CauseAndEffect {...{ identity, search, onSearch }} />
        </Screen>
      </div>
    </Page>
  )
}

function CauseAndEffect({
  identity,
  search,
  onSearch,
}: Omit<IdentityScreenProps, 'id'> & { identity: Identity }) {
  const project = useProject()
  const environment = useEnvironment()
  const question = { identifier: identity.identifier }
  const { data } = useSuspenseQuery(explanationOf(project.id, environment.api_key, question))
  return (
    <>
      <div className={classes['causes']}>
        <IdentityTraits identity={identity} />
        <IdentitySegments segments={data.segments} />
      </div>
      <section className={classes['effects']} aria-label="What it gets">
        <h2>What it gets</h2>
        <TraceList
          whose={identity.identifier}
          explanation={data}
          search={search}
          onSearch={onSearch}
          below={(flag) => <OverridePanel key={flag.feature.id} flag={flag} identity={identity} />}
        />
      </section>
    </>
  )
}

function Facts({ identity }: { identity: Identity }) {
  const project = useProject()
  const environment = useEnvironment()
  const { data } = useQuery(identityCalled(project.id, environment.api_key, identity))
  if (!data) return <>Identity in {environment.name}</>
  return (
    <>
      Last seen {dayAgo(data.last_seen)}, first <Moment at={data.created_date} />,{' '}
      {data.overrides === 0 ? 'no overrides' : plural(data.overrides, 'override')}
    </>
  )
}

function IdentityMenu({ identity }: { identity: Identity }) {
  const project = useProject()
  const environment = useEnvironment()
  const navigate = useNavigate()
  const { mutateAsync } = useDeleteIdentity(project.id, environment.api_key)
  const ask = () =>
    confirm({
      title: `Delete ${identity.identifier}?`,
      action: 'Delete the identity',
      destructive: true,
      children: `Its traits and overrides in ${environment.name} go with it. When an app asks for it again, it comes back without them.`,
      onConfirm: () => {
        void navigate({
          to: '/project/$projectId/environment/$environmentKey/users',
          params: { projectId: String(project.id), environmentKey: environment.api_key },
        }).then(async () => {
          await mutateAsync(identity.id)
          notifyDone({ message: `${identity.identifier} is gone` })
        })
      },
    })
  return (
    <Can do="MANAGE_IDENTITIES" in={{ project: project.id, environment: environment.api_key }}>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon aria-label={`More about ${identity.identifier}`}>
            <IconDots size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item color="var(--negative)" leftSection={<IconTrash size={15} />} onClick={ask}>
            Delete
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </Can>
  )
}
