import type { AuditLine, FieldChange, ServerLine } from '@/data/audit'
import type { FlagValue } from '@/data/features'
import type { VariantNames } from '@/widgets/variant-names'

export const OBJECT_TYPES: readonly { value: string; label: string }[] = [
  { value: 'FEATURE_STATE', label: 'Flag states' },
  { value: 'FEATURE', label: 'Features' },
  { value: 'SEGMENT', label: 'Segments' },
  { value: 'EF_VERSION', label: 'Flag versions' },
  { value: 'IDENTITY', label: 'Identities' },
  { value: 'ENVIRONMENT', label: 'Environments' },
  { value: 'PROJECT', label: 'Project' },
  { value: 'TAG', label: 'Tags' },
  { value: 'SERVER_KEY', label: 'Server-side keys' },
  { value: 'GRANT', label: 'Permissions' },
  { value: 'WEBHOOK', label: 'Webhooks' },
  { value: 'FEATURE_HEALTH', label: 'Health' },
  { value: 'REPOSITORY', label: 'Code references' },
  { value: 'CUSTOM_FIELD', label: 'Custom fields' },
  { value: 'IMPORT_REQUEST', label: 'Imports' },
  { value: 'FEATURE_EXPORT', label: 'Exports' },
]

/** What happens to a server and not to one of its projects. */
export const SERVER_TYPES: typeof OBJECT_TYPES = [
  { value: 'USER', label: 'Accounts' },
  { value: 'SIGN_IN_RULE', label: 'Rules of signing in' },
  { value: 'SIGN_IN_SETTINGS', label: 'Settings' },
]

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

export function noteOf({ change_details }: Pick<AuditLine, 'change_details'>): string | null {
  const note = change_details.find(({ field }) => field === 'note')?.new
  return typeof note === 'string' && note !== '' ? note : null
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

/** Who came to the server: of what nobody did to an account, such as a failed sign-in, its owner. */
export function comerOf(line: ServerLine): Author {
  const author = authorOf(line)
  if (line.related_object_type !== 'USER' || line.author_label !== 'Burgee') return author
  if (line.related_object_id === null) return { name: 'Unknown', about: '' }
  return line.account ? { name: line.account, about: line.account } : author
}

export interface Day<Line> {
  /** The local date, such as 2026-11-22. */
  date: string
  lines: Line[]
}

/** The lines by the day on which they were written, where the reader is; in the order given. */
export function byDay<Line extends AuditLine>(lines: readonly Line[]): Day<Line>[] {
  const days: Day<Line>[] = []
  for (const line of lines) {
    const date = localDate(new Date(line.created_date))
    const last = days.at(-1)
    if (last?.date === date) last.lines.push(line)
    else days.push({ date, lines: [line] })
  }
  return days
}

function localDate(moment: Date): string {
  const [month, day] = [moment.getMonth() + 1, moment.getDate()].map((part) => String(part).padStart(2, '0'))
  return `${moment.getFullYear()}-${month ?? ''}-${day ?? ''}`
}

const LONGEST_INLINE = 48

/** Whether a change needs lines of its own to be read. */
export function isLong({ old, new: now }: FieldChange): boolean {
  return [old, now].some(
    (value) => typeof value === 'string' && (value.length > LONGEST_INLINE || value.includes('\n')),
  )
}

/** A value as text over several lines; JSON with one part a line. */
export function spreadOut(value: FlagValue): string {
  if (typeof value !== 'string') return value === null ? '' : String(value)
  if (!/^\s*[[{]/.test(value)) return value
  try {
    return JSON.stringify(JSON.parse(value), null, 2)
  } catch {
    return value
  }
}
