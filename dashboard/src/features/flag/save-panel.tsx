import { Alert, Button, Kbd, Paper, TextInput } from '@mantine/core'
import { useHotkeys } from '@mantine/hooks'
import { useState } from 'react'
import type { Feature } from '@/data/features'
import { plural } from '@/lib/format'
import { confirm } from '@/ui/confirm'
import { isProtected } from '@/widgets/environment-colour'
import { problemIn } from './draft'
import { changesOf, type Names } from './changes'
import { DraftedEnvironment } from './drafted-environment'
import { ScheduleButton } from './schedule-button'
import { isStale, type Drafting } from './use-draft'
import { useSaving } from './use-saving'
import classes from './save-panel.module.css'

interface SavePanelProps {
  feature: Feature
  drafting: Drafting
  names: Names
}

/** What is unsaved in all environments, whom it concerns, and the one save. */
export function SavePanel(props: SavePanelProps) {
  const { drafted, discard } = props.drafting
  // Here and not in the panel, which is gone when its undo is asked for.
  const saving = useSaving(props.feature, drafted, discard)
  if (drafted.length === 0) return null
  return <Panel {...props} saving={saving} />
}

interface PanelProps extends SavePanelProps {
  saving: ReturnType<typeof useSaving>
}

function Panel({ feature, drafting: { drafted, discard }, names, saving }: PanelProps) {
  const [note, setNote] = useState('')
  const { save, isPending, problem } = saving
  const wrong = drafted.map(({ draft }) => problemIn(draft)).find((each) => each !== null)
  const isBlocked = wrong !== undefined || drafted.some(isStale)
  const guarded = drafted.filter(({ environment }) => isProtected(environment))
  const submit = () => {
    if (isBlocked || isPending) return
    if (guarded.length === 0) return save(note.trim())
    const places = guarded.map(({ environment }) => environment.name).join(', ')
    confirm({
      title: `Change ${feature.name} in ${places}?`,
      action: `Save in ${places}`,
      children: guarded.map((here) => (
        <DraftedEnvironment key={here.environment.id} {...{ feature, here, names }} isSaving={false} />
      )),
      onConfirm: () => save(note.trim()),
    })
  }
  useHotkeys([['mod+S', submit]], [])
  const [only] = drafted
  const changes = drafted.reduce((sum, { draft }) => sum + changesOf(draft, names).length, 0)
  return (
    <Paper
      withBorder
      shadow="md"
      className={classes['panel'] ?? ''}
      role="region"
      aria-label="Unsaved changes"
    >
      <div className={classes['drafts']}>
        {drafted.map((here) => (
          <DraftedEnvironment key={here.environment.id} {...{ feature, here, names, isSaving: isPending }} />
        ))}
      </div>
      {(wrong ?? problem) && (
        <Alert color="red" variant="light" role="alert" py={6} mx={12}>
          {wrong ?? problem}
        </Alert>
      )}
      <form
        className={classes['foot']}
        onSubmit={(event) => {
          event.preventDefault()
          submit()
        }}
      >
        <Amount changes={changes} />
        <Note note={note} onNote={setNote} />
        <Button variant="default" onClick={discard} disabled={isPending}>
          Discard
        </Button>
        <ScheduleButton
          {...{ feature, drafted }}
          note={note.trim()}
          disabled={isBlocked || isPending}
          onDone={discard}
        />
        <Button
          type="submit"
          loading={isPending}
          disabled={isBlocked}
          rightSection={
            <Kbd size="xs" visibleFrom="sm">
              ⌃S
            </Kbd>
          }
        >
          {drafted.length === 1 && only
            ? `Save in ${only.environment.name}`
            : `Save in ${drafted.length} environments`}
        </Button>
      </form>
    </Paper>
  )
}

function Amount({ changes }: { changes: number }) {
  return (
    <span className={classes['count']} aria-live="polite">
      {plural(changes, 'unsaved change')}
    </span>
  )
}

function Note({ note, onNote }: { note: string; onNote: (note: string) => void }) {
  return (
    <TextInput
      size="sm"
      className={classes['note'] ?? ''}
      aria-label="Note for the history"
      placeholder="Why? A note for the history, if you like"
      maxLength={1000}
      value={note}
      onChange={(event) => onNote(event.currentTarget.value)}
    />
  )
}
