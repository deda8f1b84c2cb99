import { Drawer, Select } from '@mantine/core'
import { useQuery, useSuspenseQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { grantsIn, levelOf, useSaveGrant, type Grant, type Holder } from '@/data/grants'
import { groupsOf } from '@/data/groups'
import { membersOf, nameOf } from '@/data/members'
import type { Place } from '@/data/permissions'
import { plural } from '@/lib/format'
import type { OrganisationId } from '@/lib/ids'
import { Badge } from '@/ui/badge'
import { notifyDone } from '@/ui/notify'
import { Page } from '@/ui/page'
import { Screen } from '@/widgets/screen'
import { SaveBar } from '@/widgets/save-bar'
import { differences } from '../differences'
import { Listing, type ListColumn } from '../listing'
import { PermissionSwitches, type Rights } from '../permission-switches'
import { wordsFor } from '../permission-words'
import { actionsColumn } from '../row-menu'

interface PlaceGrantsProps {
  place: Place
  organisation: OrganisationId
  name: string
}

/** What people and groups were granted in a project or an environment. */
export function PlaceGrants({ place, organisation, name }: PlaceGrantsProps) {
  return (
    <Page
      title="Permissions"
      of={name}
      about={`What people and groups were granted in ${name}. Roles and administrators come on top; Members shows what it adds up to.`}
    >
      <Screen what="the permissions">
        <GrantList place={place} organisation={organisation} name={name} />
      </Screen>
    </Page>
  )
}

const NOTHING: Rights = { permissions: [], admin: false }

function GrantList({ place, organisation, name }: PlaceGrantsProps) {
  const { data: grants } = useSuspenseQuery(grantsIn(place))
  const { data: members = [] } = useQuery(membersOf(organisation))
  const { data: groups = [] } = useQuery(groupsOf(organisation))
  const [holder, choose] = useState<Holder | null>(null)
  const save = useSaveGrant(place)
  const holders: Holder[] = [
    ...members
      .filter(({ role }) => role === 'USER')
      .map((member) => ({ kind: 'user' as const, id: member.id, name: nameOf(member) })),
    ...groups.map((group) => ({ kind: 'group' as const, id: group.id, name: group.name })),
  ].filter((each) => !grants.some((grant) => isSame(grant.holder, each)))
  const withdraw = (grant: Grant) =>
    save.mutate(
      { holder: grant.holder, grant: grant.id, permissions: [], admin: false },
      { onSuccess: () => notifyDone({ message: `${grant.holder.name} was granted nothing more here` }) },
    )
  return (
    <>
      <Select
        mb="sm"
        maw={340}
        searchable
        value={null}
        aria-label="Grant something to"
        placeholder="Grant something to a person or group…"
        nothingFoundMessage="Nobody else; administrators may do everything already."
        data={[
          { group: 'People', items: holders.filter(({ kind }) => kind === 'user').map(option) },
          { group: 'Groups', items: holders.filter(({ kind }) => kind === 'group').map(option) },
        ]}
        onChange={(value) => choose(holders.find((each) => option(each).value === value) ?? null)}
      />
      <Listing
        label="permissions"
        rows={grants}
        rowKey={({ holder: { kind, id } }) => `${kind}:${id}`}
        words={({ holder: each }) => each.name}
        empty="Nobody was granted anything here in person."
        columns={columnsFor({ onChange: choose, onWithdraw: withdraw })}
      />
      <Drawer
        opened={holder !== null}
        onClose={() => choose(null)}
        position="right"
        size={480}
        title={holder && `What ${holder.name} may do in ${name}`}
      >
        {holder && (
          <Screen what="what can be granted">
            <GrantEditor
              place={place}
              holder={holder}
              grant={grants.find((grant) => isSame(grant.holder, holder)) ?? null}
              onSaved={() => choose(null)}
            />
          </Screen>
        )}
      </Drawer>
    </>
  )
}

interface Acts {
  onChange: (holder: Holder) => void
  onWithdraw: (grant: Grant) => void
}

function columnsFor({ onChange, onWithdraw }: Acts): ListColumn<Grant>[] {
  return [
    {
      id: 'holder',
      header: 'Person or group',
      order: ({ holder: each }) => each.name,
      cell: ({ holder: each }) => (
        <span>
          <strong>{each.name}</strong> {each.kind === 'group' && <Badge>group</Badge>}
        </span>
      ),
    },
    { id: 'rights', header: 'May', cell: (grant) => <Summary rights={rightsOf(grant)} /> },
    actionsColumn(
      (grant) => grant.holder.name,
      (grant) => [
        { label: 'Change', onClick: () => onChange(grant.holder) },
        { label: 'Withdraw everything', onClick: () => onWithdraw(grant), destructive: true },
      ],
    ),
  ]
}

interface GrantEditorProps {
  place: Place
  holder: Holder
  grant: Grant | null
  onSaved: () => void
}

function GrantEditor({ place, holder, grant, onSaved }: GrantEditorProps) {
  const saved = grant ? rightsOf(grant) : NOTHING
  const [draft, setDraft] = useState<Rights>(saved)
  const save = useSaveGrant(place)
  return (
    <>
      <PermissionSwitches level={levelOf(place)} rights={draft} onChange={setDraft} tags={null} />
      <SaveBar
        changes={differences(saved, draft)}
        action="Save the permissions"
        saving={save.isPending}
        onDiscard={() => setDraft(saved)}
        onSave={() =>
          save.mutate(
            {
              holder,
              grant: grant?.id ?? null,
              permissions: draft.permissions.map(({ key }) => key),
              admin: draft.admin,
            },
            {
              onSuccess: () => {
                notifyDone({ message: `The permissions of ${holder.name} were saved` })
                onSaved()
              },
            },
          )
        }
      />
    </>
  )
}

function Summary({ rights: { admin, permissions } }: { rights: Rights }) {
  if (admin) return <Badge tone="accent">do everything</Badge>
  const labels = permissions.map(({ key }) => wordsFor(key).label)
  return (
    <span title={labels.join(', ')}>
      {labels.slice(0, 3).join(', ')}
      {labels.length > 3 && ` and ${plural(labels.length - 3, 'more', 'more')}`}
    </span>
  )
}

function rightsOf({ permissions, admin }: Grant): Rights {
  return { admin, permissions: permissions.map((key) => ({ key, tags: [] })) }
}

function isSame(one: Holder, other: Holder): boolean {
  return one.kind === other.kind && one.id === other.id
}

function option({ kind, id, name }: Holder) {
  return { value: `${kind}:${id}`, label: name }
}
