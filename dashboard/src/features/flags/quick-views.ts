import type { FlagSearch } from './flag-search'

interface QuickView {
  label: string
  narrows: Partial<FlagSearch>
  widens: Partial<FlagSearch>
  isOn: (search: FlagSearch) => boolean
}

const MONTH = 30
const WEEK = 7

/** Questions that people ask often, one click each. */
export const QUICK_VIEWS: readonly QuickView[] = [
  {
    label: 'Not evaluated for 30 days',
    narrows: { unused: MONTH },
    widens: { unused: undefined },
    isOn: ({ unused }) => unused === MONTH,
  },
  {
    label: 'Stale',
    narrows: { stale: true },
    widens: { stale: undefined },
    isOn: ({ stale }) => stale === true,
  },
  {
    label: 'Changed in 7 days',
    narrows: { changed: WEEK, sort: 'changed', descending: true },
    widens: { changed: undefined, sort: undefined, descending: undefined },
    isOn: ({ changed }) => changed === WEEK,
  },
]
