import type { FieldValue, Segment } from '@/data/segments'
import { draftOf, isChanged, type DraftRule } from './draft'

/** A segment while it is edited. */
export interface SegmentForm {
  name: string
  description: string
  rules: readonly DraftRule[]
  metadata: readonly FieldValue[]
}

export function formOf(segment: Segment): SegmentForm {
  return {
    name: segment.name,
    description: segment.description ?? '',
    rules: draftOf(segment.rules),
    metadata: segment.metadata.map(({ model_field, field_value }) => ({ model_field, field_value })),
  }
}

/** Which parts differ from what is saved. */
export function changesIn(form: SegmentForm, saved: Segment): Set<keyof SegmentForm> {
  const before = formOf(saved)
  const differ: Record<keyof SegmentForm, boolean> = {
    name: form.name.trim() !== before.name,
    description: form.description.trim() !== before.description,
    rules: isChanged(form.rules, saved.rules),
    metadata: JSON.stringify(sorted(form.metadata)) !== JSON.stringify(sorted(before.metadata)),
  }
  const parts: (keyof SegmentForm)[] = ['name', 'description', 'rules', 'metadata']
  return new Set(parts.filter((part) => differ[part]))
}

function sorted(values: readonly FieldValue[]): FieldValue[] {
  return values
    .filter(({ field_value }) => field_value !== '')
    .sort((one, other) => one.model_field - other.model_field)
}
