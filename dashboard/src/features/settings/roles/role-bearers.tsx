import { ActionIcon, Select } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { useQuery, useSuspenseQuery } from '@tanstack/react-query'
import { apiKeysOf, trustsOf } from '@/data/api-keys'
import { groupsOf } from '@/data/groups'
import { membersOf, nameOf } from '@/data/members'
import { bearersOf, useGiveRole, useTakeRole, type BearerKind } from '@/data/roles'
import type { OrganisationId } from '@/lib/ids'
import { useCan } from '@/widgets/can'
import { Block } from '../block'
import classes from './role-bearers.module.css'

const KINDS: readonly (readonly [BearerKind, string])[] = [
  ['user', 'People'],
  ['group', 'Groups'],
  ['master_api_key', 'API keys'],
]

interface RoleBearersProps {
  organisation: OrganisationId
  role: number
}

/** Who has the role, and the way to give it to somebody else. */
export function RoleBearers({ organisation, role }: RoleBearersProps) {
  const { data: bearers } = useSuspenseQuery(bearersOf(organisation, role))
  const isAdmin = useCan('ADMINISTER', { organisation })
  const names = useNames(organisation, isAdmin)
  const give = useGiveRole(organisation)
  const take = useTakeRole(organisation)
  const has = (kind: BearerKind, id: string) =>
    bearers.some((bearer) => bearer.kind === kind && String(bearer.id) === id)
  return (
    <Block title="Given to">
      <ul className={classes['bearers']}>
        {bearers.length === 0 && <li className={classes['none']}>Nobody has this role yet.</li>}
        {bearers.map((bearer) => {
          const name = names[bearer.kind].get(String(bearer.id)) ?? String(bearer.id)
          return (
            <li key={bearer.assignment} className={classes['bearer']}>
              {name}
              <span className={classes['kind']}>{KIND_WORDS[bearer.kind]}</span>
              {isAdmin && (
                <ActionIcon
                  size="xs"
                  aria-label={`Take the role from ${name}`}
                  onClick={() => take.mutate({ role, bearer })}
                >
                  <IconX size={12} />
                </ActionIcon>
              )}
            </li>
          )
        })}
      </ul>
      {isAdmin && (
        <Select
          mt="xs"
          maw={340}
          aria-label="Give the role to"
          placeholder="Give it to a person, group or key…"
          searchable
          value={null}
          data={KINDS.map(([kind, label]) => ({
            group: label,
            items: [...names[kind]]
              .filter(([id]) => !has(kind, id))
              .map(([id, name]) => ({ value: `${kind}:${id}`, label: name })),
          }))}
          onChange={(value) => {
            const [kind, id] = /^(\w+):(.+)$/.exec(value ?? '')?.slice(1) ?? []
            const known = KINDS.find(([each]) => each === kind)?.[0]
            if (known && id)
              give.mutate({ role, kind: known, id: known === 'master_api_key' ? id : Number(id) })
          }}
        />
      )}
    </Block>
  )
}

const KIND_WORDS: Record<BearerKind, string> = { user: 'person', group: 'group', master_api_key: 'API key' }

function useNames(organisation: OrganisationId, isAdmin: boolean): Record<BearerKind, Map<string, string>> {
  const { data: members = [] } = useQuery(membersOf(organisation))
  const { data: groups = [] } = useQuery(groupsOf(organisation))
  const { data: keys = [] } = useQuery({ ...apiKeysOf(organisation), enabled: isAdmin })
  const { data: trusts = [] } = useQuery({ ...trustsOf(organisation), enabled: isAdmin })
  const machines = [...keys, ...trusts.map((trust) => ({ ...trust, id: trust.master_api_key_prefix }))]
  return {
    user: new Map(members.map((member) => [String(member.id), nameOf(member)])),
    group: new Map(groups.map(({ id, name }) => [String(id), name])),
    master_api_key: new Map(machines.filter(({ is_admin }) => !is_admin).map(({ id, name }) => [id, name])),
  }
}
