import { useState } from 'react'
import type { Feature } from '@/data/features'
import { useSaveFlag, type Saving } from '@/data/targeting'
import { ApiError, messageOf } from '@/lib/errors'
import { notifyDone, notifyFailed } from '@/ui/notify'
import { useProject } from '@/widgets/use-environment'
import { bodyOf, undoing, type EnvironmentDraft } from './draft'
import type { FlagHere } from './use-draft'

/** Saves the draft in all its environments, and offers to take that back. */
export function useSaving(feature: Feature, drafted: readonly FlagHere[], discard: () => void) {
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
