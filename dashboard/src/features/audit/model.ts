import type { AuditLine, FieldChange, ServerLine } from '@/data/audit'
import type { FlagValue } from '@/data/features'
import { authorOf, type Author } from '@/widgets/audit-words'

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

export function noteOf({ change_details }: Pick<AuditLine, 'change_details'>): string | null {
  const note = change_details.find(({ field }) => field === 'note')?.new
  return typeof note === 'string' && note !== '' ? note : null
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

/** The numbers of a list that the log keeps as text; null for anything else. */
export function idsIn(value: FlagValue): number[] | null {
  if (typeof value !== 'string' || !/^\[[\d, ]*\]$/.test(value)) return null
  return (value.match(/\d+/g) ?? []).map(Number)
}
