const UNITS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
]

const relative = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' })
const exact = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' })
const number = new Intl.NumberFormat()

export function timeAgo(moment: Date, now = new Date()): string {
  const seconds = (moment.getTime() - now.getTime()) / 1000
  for (const [unit, size] of UNITS) {
    if (Math.abs(seconds) >= size) return relative.format(Math.round(seconds / size), unit)
  }
  return 'just now'
}

const DAY = 86_400_000

/** A day as people say it, of what is only known to have happened on it, not when. */
export function dayAgo(day: string | null, now = new Date()): string {
  if (day === null) return 'never'
  const days = Math.floor((now.getTime() - Date.parse(day)) / DAY)
  return days <= 0 ? 'today' : timeAgo(new Date(now.getTime() - days * DAY), now)
}

export function exactTime(moment: Date): string {
  return exact.format(moment)
}

export function count(amount: number): string {
  return number.format(amount)
}

export function plural(amount: number, one: string, many = `${one}s`): string {
  return `${count(amount)} ${amount === 1 ? one : many}`
}
