import { useMemo, useState } from 'react'
import type { Segment } from '@/data/segments'
import { changesIn, formOf, type SegmentForm } from './segment-form'

interface Edited {
  form: SegmentForm
  /** What it was made from. */
  base: Segment
}

/** The draft of a segment: follows what is saved until somebody types, then notices when it changes beneath. */
export function useSegmentForm(saved: Segment) {
  const [edited, setEdited] = useState<Edited | null>(null)
  const untouched = useMemo(() => formOf(saved), [saved])
  const form = edited?.form ?? untouched
  const base = edited?.base ?? saved
  const changes = changesIn(form, base)
  return {
    form,
    changes,
    isOutdated: changes.size > 0 && base.updated_at !== saved.updated_at,
    edit: (next: SegmentForm) => setEdited(changesIn(next, base).size > 0 ? { form: next, base } : null),
    discard: () => setEdited(null),
    /** Goes on editing, now against what is saved. */
    rebase: () => setEdited({ form, base: saved }),
  }
}
