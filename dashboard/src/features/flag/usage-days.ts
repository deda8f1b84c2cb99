interface Counted {
  name: string
  days: readonly { day: string; count: number }[]
}

const DAY = 86_400_000

/** One point for each of the last days, also for those on which nothing happened. */
export function byDay(
  counted: readonly Counted[],
  today: Date,
  days: number,
): Record<string, string | number>[] {
  const sums = counted.map(({ name, days: told }) => {
    const sum = new Map<string, number>()
    for (const { day, count } of told) sum.set(day, (sum.get(day) ?? 0) + count)
    return { name, sum }
  })
  return Array.from({ length: days }, (_, place) => {
    const day = new Date(today.getTime() - (days - 1 - place) * DAY).toISOString().slice(0, 10)
    return {
      day: day.slice(5),
      ...Object.fromEntries(sums.map(({ name, sum }) => [name, sum.get(day) ?? 0])),
    }
  })
}
