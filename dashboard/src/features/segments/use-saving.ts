import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Environment } from '@/data/places'
import { usageOf, useSaveSegment, type Segment } from '@/data/segments'
import { ApiError, messageOf, type FieldErrors } from '@/lib/errors'
import { plural } from '@/lib/format'
import { confirm } from '@/ui/confirm'
import { notifyDone } from '@/ui/notify'
import { isProtected } from '@/widgets/environment-colour'
import { isComplete, rulesOf } from './draft'
import { formOf, type SegmentForm } from './segment-form'
import type { useSegmentForm } from './use-segment-form'

const NO_PROBLEMS: FieldErrors = {}

interface Refusal {
  problems: FieldErrors
  /** What belongs to no field. */
  general: string | null
}

type Draft = ReturnType<typeof useSegmentForm>

/** Sends what differs; says what was refused; offers to take it back. */
export function useSaving(segment: Segment, draft: Draft, environments: readonly Environment[]) {
  const { form, changes, discard } = draft
  const act = useSaveSegment(segment.project, segment.id)
  const guarded = useGuarded(segment, environments)
  const [refusal, setRefusal] = useState<Refusal | null>(null)
  const send = () => {
    const before = bodyOf(formOf(segment), changes)
    act.mutate(bodyOf(form, changes), {
      onSuccess: () => {
        discard()
        setRefusal(null)
        notifyDone({ message: `${form.name.trim()} is saved`, onUndo: () => act.mutate(before) })
      },
      onError: (error) => setRefusal(refusalFrom(error)),
    })
  }
  const save = () => {
    const problem = problemOf(draft)
    if (problem) setRefusal(problem)
    else if (changes.has('rules') && guarded.length > 0)
      confirm({
        title: `Change who is in ${segment.name}?`,
        action: 'Save the segment',
        children: `At once other people get what the segment decides: ${guarded.join('; ')}.`,
        onConfirm: send,
      })
    else send()
  }
  return {
    save,
    isSaving: act.isPending,
    problems: refusal?.problems ?? NO_PROBLEMS,
    general: changes.size > 0 || act.isPending ? (refusal?.general ?? null) : null,
  }
}

/** The protected environments where flags look at the segment, in words. */
function useGuarded(segment: Segment, environments: readonly Environment[]): string[] {
  const { data: usage = [] } = useQuery(usageOf(segment.project, segment.id))
  return environments.filter(isProtected).flatMap(({ id, name }) => {
    const flags = usage.filter(({ environment }) => environment === id).length
    return flags > 0 ? [`${plural(flags, 'flag')} in ${name}`] : []
  })
}

function problemOf({ form, changes, isOutdated }: Draft): Refusal | null {
  if (form.name.trim() === '') return { problems: { name: 'Name the segment.' }, general: null }
  if (changes.has('rules') && !isComplete(form.rules)) return general('Fill in every line of the rule.')
  return isOutdated ? general('First say what shall become of the other changes.') : null
}

function general(text: string): Refusal {
  return { problems: NO_PROBLEMS, general: text }
}

export function refusalFrom(error: unknown): Refusal {
  const problems = error instanceof ApiError ? error.fields : NO_PROBLEMS
  const isShown = 'name' in problems || 'description' in problems
  return { problems, general: isShown ? null : messageOf(error) }
}

function bodyOf(form: SegmentForm, changes: ReadonlySet<keyof SegmentForm>) {
  return {
    ...(changes.has('name') && { name: form.name.trim() }),
    ...(changes.has('description') && { description: form.description.trim() }),
    ...(changes.has('rules') && { rules: rulesOf(form.rules) }),
    ...(changes.has('metadata') && { metadata: [...form.metadata] }),
  }
}
