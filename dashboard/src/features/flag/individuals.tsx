import { ActionIcon, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import {
  IconArrowBackUp,
  IconChevronLeft,
  IconChevronRight,
  IconSearch,
  IconTrash,
  IconUser,
} from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Feature } from '@/data/features'
import { INDIVIDUALS_A_PAGE, individualsIn, type FlagState, type Individual } from '@/data/targeting'
import { count } from '@/lib/format'
import { Badge } from '@/ui/badge'
import { useCan } from '@/widgets/can'
import { withIndividual, withState, type IndividualChange } from './draft'
import { StateFields } from './state-fields'
import type { FlagHere } from './use-draft'
import { WhoBox } from './who-box'
import classes from './targeting.module.css'

const WAIT = 200

interface IndividualsProps {
  feature: Feature
  here: FlagHere
  mayChange: boolean
}

/** Who gets something whatever the rules say, and the box that adds somebody. */
export function Individuals({ feature, here, mayChange: mayChangeFlag }: IndividualsProps) {
  const { environment, draft } = here
  const place = { project: environment.project, environment: environment.api_key }
  const maySee = useCan('VIEW_IDENTITIES', place)
  const mayManage = useCan('MANAGE_IDENTITIES', place)
  const mayChange = mayChangeFlag && mayManage
  const [text, setText] = useState('')
  const [page, setPage] = useState(1)
  const [q] = useDebouncedValue(text.trim(), WAIT)
  const { data } = useQuery({
    ...individualsIn(environment.project, environment.api_key, feature.id, { q, page }),
    enabled: maySee,
  })
  const known = data?.rows ?? []
  const set = (change: IndividualChange) =>
    here.change({ ...draft, individuals: withIndividual(draft.individuals, change) })
  const rows = rowsOf(known, draft.individuals)
  return (
    <div className={classes['group']}>
      <div className={classes['row']} data-head>
        <span className={classes['place']}>
          <IconUser size={15} aria-hidden />
        </span>
        <div className={classes['whom']} data-wide>
          <span className={classes['name']}>
            Individuals{' '}
            <span className={classes['count']}>{data && data.count > 0 && count(data.count)}</span>
          </span>
          {mayChange && maySee && (
            <WhoBox
              environment={environment}
              onPick={({ id, identifier }) => {
                const row = rows.find(({ identity }) => identity === id)
                const before = row?.before ?? null
                const after = withState(row?.after ?? before ?? draft.flag.default, { enabled: true })
                set({ identity: id, identifier, before, after })
              }}
            />
          )}
        </div>
      </div>
      {data && (q !== '' || text !== '' || data.count > INDIVIDUALS_A_PAGE) && (
        <FindIndividuals
          text={text}
          onText={(next) => {
            setText(next)
            setPage(1)
          }}
          {...{ page, count: data.count, where: environment.name, onPage: setPage }}
        />
      )}
      {rows.map((row) => (
        <IndividualRow
          key={row.identity}
          {...{ feature, row, mayChange }}
          where={environment.name}
          onChange={set}
        />
      ))}
    </div>
  )
}

interface FindIndividualsProps {
  text: string
  onText: (text: string) => void
  page: number
  onPage: (page: number) => void
  count: number
  where: string
}

/** Searches and turns the pages of those who have a value of their own. */
function FindIndividuals({ text, onText, page, onPage, count: found, where }: FindIndividualsProps) {
  const first = (page - 1) * INDIVIDUALS_A_PAGE + 1
  const last = Math.min(page * INDIVIDUALS_A_PAGE, found)
  return (
    <div className={classes['find']}>
      <TextInput
        size="xs"
        w={240}
        maw="100%"
        aria-label={`Search those with a value of their own in ${where}`}
        placeholder='Identifier; all of it in "quotes"'
        leftSection={<IconSearch size={14} />}
        value={text}
        onChange={(event) => onText(event.currentTarget.value)}
        onKeyDown={(event) => event.key === 'Escape' && onText('')}
      />
      <span className={classes['count']} role="status">
        {found === 0 ? 'Nobody is called that' : `${count(first)}–${count(last)} of ${count(found)}`}
      </span>
      <ActionIcon aria-label="Previous individuals" disabled={page === 1} onClick={() => onPage(page - 1)}>
        <IconChevronLeft size={15} />
      </ActionIcon>
      <ActionIcon aria-label="Next individuals" disabled={last >= found} onClick={() => onPage(page + 1)}>
        <IconChevronRight size={15} />
      </ActionIcon>
    </div>
  )
}

/** Those who have a value of their own already, as they would be, then those who come. */
function rowsOf(known: readonly Individual[], changes: readonly IndividualChange[]): IndividualChange[] {
  const isKnown = (change: IndividualChange) => known.some(({ identity }) => identity === change.identity)
  return [
    ...known.map(
      ({ identity, identifier, enabled, value, variants }) =>
        changes.find((change) => change.identity === identity) ?? {
          identity,
          identifier,
          before: { enabled, value, variants },
          after: { enabled, value, variants },
        },
    ),
    ...changes.filter((change) => !isKnown(change)),
  ]
}

interface IndividualRowProps {
  feature: Feature
  row: IndividualChange
  where: string
  mayChange: boolean
  onChange: (change: IndividualChange) => void
}

function IndividualRow({ feature, row, where, mayChange, onChange }: IndividualRowProps) {
  const { identifier, before, after } = row
  const put = (next: FlagState | null) => onChange({ ...row, after: next })
  return (
    <div className={classes['row']} data-gone={after === null || undefined}>
      <span className={classes['place']} />
      <div className={classes['whom']}>
        <span className={classes['name']}>
          <code className={classes['identifier']} title={identifier}>
            {identifier}
          </code>
          {before === null && <Badge tone="accent">new</Badge>}
        </span>
      </div>
      {after ? (
        <StateFields
          what={`${identifier} in ${where}`}
          state={after}
          variants={feature.multivariate_options}
          disabled={!mayChange}
          onChange={(changes) => put(withState(after, changes))}
        />
      ) : (
        <span className={classes['gets']}>goes by the rules again</span>
      )}
      <span className={classes['end']}>
        {mayChange &&
          (after ? (
            <ActionIcon aria-label={`Take away what ${identifier} gets`} onClick={() => put(null)}>
              <IconTrash size={15} />
            </ActionIcon>
          ) : (
            <ActionIcon aria-label={`Leave ${identifier} as it was`} onClick={() => put(before)}>
              <IconArrowBackUp size={15} />
            </ActionIcon>
          ))}
      </span>
    </div>
  )
}
