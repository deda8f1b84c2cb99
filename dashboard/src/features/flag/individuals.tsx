import { ActionIcon } from '@mantine/core'
import { IconArrowBackUp, IconTrash, IconUser } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import type { Feature } from '@/data/features'
import { individualsIn, type FlagState, type Individual } from '@/data/targeting'
import { plural } from '@/lib/format'
import { Badge } from '@/ui/badge'
import { useCan } from '@/widgets/can'
import { withIndividual, withState, type IndividualChange } from './draft'
import { StateFields } from './state-fields'
import type { FlagHere } from './use-draft'
import { WhoBox } from './who-box'
import classes from './targeting.module.css'

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
  const { data } = useQuery({
    ...individualsIn(environment.project, environment.api_key, feature.id),
    enabled: maySee,
  })
  const known = data?.first ?? []
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
            <span className={classes['count']}>
              {data && data.count > known.length
                ? `${plural(data.count, 'identity', 'identities')}, the first ${known.length} are listed`
                : ''}
            </span>
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
