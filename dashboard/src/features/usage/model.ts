import type { By, Outcome, Usage, UsageSeries } from '@/data/usage'
import { HUES } from '@/ui/hues'

export const SPLIT_NAMES: Record<By, string> = {
  environment: 'Environment',
  feature: 'Feature',
  sdk: 'SDK',
  resource: 'Kind of call',
  variant: 'Variant',
  state: 'On or off',
  outcome: 'Outcome',
}

const RESOURCES: Readonly<Record<string, string>> = {
  flags: 'Flags',
  identities: 'Identities',
  traits: 'Traits',
  'environment-document': 'Environment document',
}

/** What people call a series. */
export function nameOf(
  by: By,
  { key, name, outcome }: Pick<UsageSeries, 'key' | 'name' | 'outcome'>,
): string {
  if (name !== null) return name
  if (outcome !== null) return outcomeName(outcome)
  switch (by) {
    case 'sdk':
      return key || 'No SDK named'
    case 'variant':
      return key ?? 'No variant'
    case 'state':
      return key === null ? 'State not told' : key === 'True' ? 'On' : 'Off'
    case 'resource':
      return RESOURCES[key ?? ''] ?? key ?? 'Other'
    default:
      return key ?? 'Other'
  }
}

const LONGEST = 60

/** State, variant and value, and where the state comes from unless it is the default. */
function outcomeName({ enabled, form, value, is_cut: isCut, variant, reason }: Outcome): string {
  if (form === 'other') return 'Other outcomes'
  const state = enabled ? 'On' : 'Off'
  if (form === 'untold') return `${state} · set for individuals`
  const text = value ?? ''
  const shown = isCut || text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text
  const worth = form === 'nothing' ? 'no value' : form === 'text' ? `“${shown}”` : shown
  const parts = [state, variant, worth, reason === 'segment' ? 'by segment' : null]
  return parts.filter((part) => part !== null).join(' · ')
}

/** One line of the legend and of the table, and one colour of the chart. */
export interface Line {
  id: string
  label: string
  colour: string
  total: number
  counts: readonly number[]
}

const MOST_LINES = 8
const COLOURS = [HUES.blue, HUES.teal, HUES.amber, HUES.plum, HUES.moss, HUES.rose, HUES.copper] as const

/** The largest series, and all others as one. `colourOf` knows colours that are not ours to choose. */
export function linesOf(usage: Usage, colourOf: (key: string | null) => string | undefined): Line[] {
  const isCut = usage.series.length > MOST_LINES
  const shown = isCut ? usage.series.slice(0, MOST_LINES - 1) : usage.series
  const lines = shown.map((series, place) => ({
    id: `line${place}`,
    label: nameOf(usage.by, series),
    colour: colourOf(series.key) ?? COLOURS[place % COLOURS.length] ?? HUES.slate,
    total: series.total,
    counts: series.counts,
  }))
  const hidden = isCut ? usage.series.slice(MOST_LINES - 1) : []
  const rest = usage.moments.map((_, place) =>
    hidden.reduce((sum, series) => sum + (series.counts[place] ?? 0), usage.others[place] ?? 0),
  )
  const total = rest.reduce((sum, amount) => sum + amount, 0)
  if (total === 0) return lines
  return [...lines, { id: 'others', label: 'Others', colour: HUES.slate, total, counts: rest }]
}

const hour = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' })
// Days are counted in UTC, so they are also named there.
const day = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', timeZone: 'UTC' })

export function momentName(moment: string, step: Usage['step']): string {
  return (step === 'hour' ? hour : day).format(new Date(moment))
}

/** What the chart draws: a point for each moment, with a field for each line. */
export function pointsOf(usage: Usage, lines: readonly Line[]): Record<string, string | number>[] {
  return usage.moments.map((moment, place) => ({
    moment: momentName(moment, usage.step),
    ...Object.fromEntries(lines.map(({ id, counts }) => [id, counts[place] ?? 0])),
  }))
}

export function share(part: number, whole: number): string {
  if (whole === 0) return '–'
  const percent = (part / whole) * 100
  return percent > 0 && percent < 1 ? '< 1 %' : `${Math.round(percent)} %`
}
