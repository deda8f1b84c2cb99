import { Stack, Text } from '@mantine/core'
import { nameOf } from '@/data/members'
import { plain } from '@/data/targeting'
import { ValueChip } from '@/ui/badge'
import { confirm } from '@/ui/confirm'
import { OldNew } from '@/ui/old-new'
import { isProtected } from '@/widgets/environment-colour'
import { SaveBar } from '@/widgets/save-bar'
import type { Pending } from './edits'
import type { Cells } from './use-cells'

/** Values that wait to be saved together; a protected environment and a conflict ask with what changes. */
export function EditsBar({ cells }: { cells: Cells }) {
  const { pending, discard, saveEdits, isSaving } = cells
  const conflicts = pending.filter(({ isConflict }) => isConflict)
  const guarded = pending.some(({ edit }) => isProtected(edit.environment))
  const ask = () =>
    confirm({
      title: conflicts.length > 0 ? 'Somebody else changed some of these flags' : 'Save these values?',
      action: conflicts.length > 0 ? 'Save mine all the same' : 'Save',
      destructive: conflicts.length > 0,
      children: <Changes pending={pending} />,
      onConfirm: saveEdits,
    })
  return (
    <SaveBar
      changes={pending.length}
      onDiscard={discard}
      onSave={conflicts.length > 0 || guarded ? ask : saveEdits}
      saving={isSaving}
      keeps={(path) => path.endsWith('/features')}
    >
      <Conflicts conflicts={conflicts} />
    </SaveBar>
  )
}

/** Whose change stands against these, and what it made of the flag, as far as one line can tell. */
function Conflicts({ conflicts }: { conflicts: readonly Pending[] }) {
  const [first] = conflicts
  if (!first) return null
  const { row, edit, before } = first
  return (
    <Text component="div" size="sm" c="red" role="alert">
      {conflicts.length === 1 ? (
        <>
          {authorOf(first)} has changed {row.name} in {edit.environment.name} meanwhile; its value is{' '}
          <ValueChip value={plain(before)} />
        </>
      ) : (
        <>{conflicts.length} flags were changed by somebody else meanwhile</>
      )}
    </Text>
  )
}

/** The list tells who changed a flag last, wherever that was. */
function authorOf({ row: { last_change: last }, edit }: Pending): string {
  return (last?.environment === edit.environment.id && last.by && nameOf(last.by)) || 'Somebody else'
}

const SHOWN = 12

function Changes({ pending }: { pending: readonly Pending[] }) {
  return (
    <Stack gap={6}>
      {pending.slice(0, SHOWN).map(({ edit, row, before }) => (
        <OldNew
          key={`${row.id}:${edit.environment.id}`}
          label={`${row.name} in ${edit.environment.name}`}
          before={<ValueChip value={plain(before)} />}
          after={<ValueChip value={plain(edit.value)} />}
        />
      ))}
      {pending.length > SHOWN && <Text size="sm">and {pending.length - SHOWN} more</Text>}
      <Text size="sm" c="dimmed">
        For everybody without an override of their own.
      </Text>
    </Stack>
  )
}
