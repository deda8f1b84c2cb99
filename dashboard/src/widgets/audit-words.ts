import type { AuditLine, FieldChange } from '@/data/audit'
import type { FlagValue } from '@/data/features'
import { plural } from '@/lib/format'
import type { UserId } from '@/lib/ids'
import type { VariantNames } from './variant-names'

const FIELDS: Readonly<Record<string, string>> = {
  enabled: 'State',
  feature_state_value: 'Value',
  initial_value: 'Initial value',
  default_enabled: 'On from the start',
  is_archived: 'Archived',
  is_server_key_only: 'Server-side only',
}

/** What changed, in people's words. */
export function fieldName(field: string, variants: VariantNames): string {
  const known = FIELDS[field]
  if (known) return known
  const option = /^percentage of option (.+)$/.exec(field)
  if (option) return `Weight of ${variants.get(Number(option[1])) ?? 'a variant'}`
  const text = field.replaceAll('_', ' ')
  return text.charAt(0).toUpperCase() + text.slice(1)
}

/** Whether old and new are on and off. */
export function isState(field: string): boolean {
  return field === 'enabled' || field.endsWith(': enabled')
}

/** What changed, without what was said about it. */
export function changesOf({ change_details }: Pick<AuditLine, 'change_details'>): FieldChange[] {
  return change_details.filter(({ field }) => field !== 'note')
}

const TOLD_OF_NEW = new Set(['enabled', 'feature_state_value'])

/** What is worth a place on the line itself: of something new or gone, only what it serves. */
export function inlineChanges(
  line: Pick<AuditLine, 'change_details' | 'change_type' | 'related_object_type'>,
) {
  const changes = changesOf(line)
  if (line.change_type === 'UPDATE') return changes
  if (line.related_object_type !== 'FEATURE_STATE') return []
  return changes.filter(({ field }) => TOLD_OF_NEW.has(field))
}

export interface Author {
  name: string
  about: string
}

/** Who did it: a person, a key or Burgee itself. */
export function authorOf(line: Pick<AuditLine, 'author' | 'author_kind' | 'author_label'>): Author {
  const { author, author_kind, author_label } = line
  if (author) {
    const name = `${author.first_name} ${author.last_name}`.trim()
    return { name: name || author.email || 'Somebody', about: author.email }
  }
  if (author_kind === 'api_key') return { name: author_label ?? 'A key', about: 'API key' }
  if (author_kind === 'system') return { name: author_label ?? 'Burgee', about: 'By itself' }
  return { name: author_label ?? 'Somebody', about: '' }
}

const LONGEST_WORD = 60

/** A change in one line of plain text, without the names of variants; what is long is only named. */
export function changeWords({ field, old, new: now }: FieldChange): string {
  const name = fieldName(field, NO_NAMES)
  const isLong = [old, now].some((value) => typeof value === 'string' && value.length > LONGEST_WORD)
  // The log keeps numbers of people, which say nothing here.
  if (isLong || field.endsWith('owners')) return `${name} changed`
  const words = (value: FlagValue) => {
    if (value === null) return '–'
    if (isState(field)) return value === true ? 'on' : 'off'
    return typeof value === 'string' && !/^[[{]/.test(value) ? `"${value}"` : String(value)
  }
  return `${name} ${words(old)} → ${words(now)}`
}

const NO_NAMES: VariantNames = new Map()

/** What is worth saying at once: people see it on their lists. */
const SEEN = new Set(['FEATURE_STATE', 'EF_VERSION', 'FEATURE', 'SEGMENT', 'ENVIRONMENT', 'TAG', 'PROJECT'])

function isWorthSaying(line: AuditLine, reader: UserId | undefined): boolean {
  if (!SEEN.has(line.related_object_type) || line.author_kind === 'system') return false
  return line.author_kind === 'api_key' || line.author?.id !== reader
}

const MOST_LINES = 3

/** Who did what, of all that others did; null when they did nothing. Newest first. */
export function newsWords(lines: readonly AuditLine[], reader: UserId | undefined) {
  const told = lines.filter((line) => isWorthSaying(line, reader))
  const [first] = told
  if (!first) return null
  const names = new Set(told.map((line) => authorOf(line).name))
  const places = new Set(told.map(({ environment }) => environment?.name ?? null))
  const [place] = places
  const who = names.size === 1 ? authorOf(first).name : 'Several people'
  const where = places.size === 1 && place ? ` in ${place}` : ''
  const shown = told.slice(0, MOST_LINES).map((line) => lineWords(line, where))
  const changes = told.length === 1 ? inlineChanges(first).slice(0, MOST_LINES).map(changeWords) : []
  const rest = told.length - shown.length
  return {
    title: who + where,
    message: [...shown, ...changes, ...(rest > 0 ? [`and ${plural(rest, 'more change')}`] : [])].join('\n'),
  }
}

/** Without the place, where it is said already. */
function lineWords({ log }: AuditLine, where: string): string {
  return where ? log.replace(/ in environment: .*$/, '') : log
}
