import { useQueries } from '@tanstack/react-query'
import { useCallback, useMemo, useState } from 'react'
import { useSaveCells, type CellChange, type FlagRow } from '@/data/matrix'
import { allows, permissionsIn } from '@/data/permissions'
import type { Environment, Project } from '@/data/places'
import type { TypedValue } from '@/data/targeting'
import { messageOf } from '@/lib/errors'
import { plural } from '@/lib/format'
import type { EnvironmentId } from '@/lib/ids'
import { notifyDone, notifyFailed } from '@/ui/notify'
import { changesOf, inverseOf, NO_EDITS, pendingOf, withValue, type Edits } from './edits'

/** Where whoever looks may change flags. */
export function useChangeable(
  project: Project,
  environments: readonly Environment[],
): ReadonlySet<EnvironmentId> {
  const answers = useQueries({
    queries: environments.map(({ api_key }) => permissionsIn({ project: project.id, environment: api_key })),
  })
  // What is not known yet looks allowed: nothing is forbidden for a moment, and the server has the last word.
  const known = answers.map(({ data, isPending }) => isPending || allows(data, 'UPDATE_FEATURE_STATE')).join()
  return useMemo(() => {
    const may = known.split(',')
    return new Set(environments.filter((_, place) => may[place] === 'true').map(({ id }) => id))
  }, [known, environments])
}

/** Saving flags, with an undo: at once, or a draft of values first. */
export function useCells(project: Project, rows: readonly FlagRow[]) {
  const [edits, setEdits] = useState<Edits>(NO_EDITS)
  const { mutate, isPending } = useSaveCells(project.id)
  const save = useCallback(
    (changes: readonly CellChange[], message: string, onSaved?: () => void) => {
      mutate(changes, {
        onSuccess: ({ refused }, _changes, shown) => {
          const undo = inverseOf(changes, shown?.before?.rows ?? [])
          onSaved?.()
          if (refused.length > 0)
            notifyFailed(`${plural(refused.length, 'feature')} could not be saved: ${messageOf(refused[0])}`)
          notifyDone({
            message,
            onUndo: () =>
              mutate(undo, { onSuccess: () => notifyDone({ message: 'Taken back' }), onError: tell }),
          })
        },
        onError: tell,
      })
    },
    [mutate],
  )
  const edit = useCallback(
    (row: FlagRow, environment: Environment, value: TypedValue | null) =>
      setEdits((known) => withValue(known, row, environment, value)),
    [],
  )
  const pending = useMemo(() => pendingOf(edits, rows), [edits, rows])
  const discard = useCallback(() => setEdits(NO_EDITS), [])
  const saveEdits = useCallback(
    () => save(changesOf(pending), `${plural(pending.length, 'value')} saved`, discard),
    [save, pending, discard],
  )
  return { edits, edit, pending, discard, save, saveEdits, isSaving: isPending }
}

export type Cells = ReturnType<typeof useCells>

function tell(error: Error) {
  notifyFailed(messageOf(error))
}
