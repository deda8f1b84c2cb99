import { Alert, Button, Kbd, Paper, TextInput } from '@mantine/core'
import { useHotkeys } from '@mantine/hooks'
import { useState } from 'react'
import type { Feature } from '@/data/features'
import { useSaveFlag, type Saving } from '@/data/targeting'
import { ApiError, messageOf } from '@/lib/errors'
import { plural } from '@/lib/format'
import { notifyDone, notifyFailed } from '@/ui/notify'
import { useProject } from '@/widgets/use-environment'
import { bodyOf, problemIn, undoing, type EnvironmentDraft } from './draft'
import { changesOf, type Names } from './changes'
import { DraftedEnvironment } from './drafted-environment'
import { isStale, type Drafting, type FlagHere } from './use-draft'
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
  const submit = () => {
    if (!isBlocked && !isPending) save(note.trim())
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
        <span className={classes['count']} aria-live="polite">
          {plural(changes, 'unsaved change')}
        </span>
        <TextInput
          size="sm"
          className={classes['note'] ?? ''}
          aria-label="Note for the history"
          placeholder="Why? A note for the history, if you like"
          maxLength={1000}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        <Button variant="default" onClick={discard} disabled={isPending}>
          Discard
        </Button>
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

function useSaving(feature: Feature, drafted: readonly FlagHere[], discard: () => void) {
  const { mutate, isPending } = useSaveFlag(useProject().id, feature.id)
  const [problem, setProblem] = useState<string | null>(null)
  const places = drafted.map(({ environment }) => environment.name).join(', ')
  const save = (note: string) =>
    mutate(
      savingOf(
        drafted.map(({ environment, draft }) => [environment.api_key, draft] as const),
        note,
      ),
      {
        onSuccess: ({ environments }) => {
          setProblem(null)
          discard()
          const back = drafted.map(
            ({ environment: { api_key: key }, draft }) =>
              [key, undoing(draft, environments[key]?.change_number ?? 0)] as const,
          )
          notifyDone({
            message: `${feature.name} is saved in ${places}`,
            onUndo: () =>
              mutate(savingOf(back, note && `Undone: ${note}`), {
                onSuccess: () => notifyDone({ message: `${feature.name} is as it was in ${places}` }),
                onError: (error) => notifyFailed(messageOf(error)),
              }),
          })
        },
        onError: (error) => setProblem(wordsFor(error, drafted)),
      },
    )
  return { save, isPending, problem }
}

function savingOf(drafts: readonly (readonly [string, EnvironmentDraft])[], note: string): Saving {
  return {
    ...(note && { note }),
    environments: Object.fromEntries(drafts.map(([key, draft]) => [key, bodyOf(draft)])),
  }
}

/** What is wrong, with the environments by their names. */
function wordsFor(error: unknown, drafted: readonly FlagHere[]): string {
  if (!(error instanceof ApiError)) return messageOf(error)
  const told = Object.entries(error.fields).flatMap(([path, text]) => {
    const here = drafted.find(({ environment }) => path.split('.').includes(environment.api_key))
    return here ? [`${here.environment.name}: ${text}`] : []
  })
  return error.status === 400 && told.length > 0 ? told.join(' ') : error.message
}
