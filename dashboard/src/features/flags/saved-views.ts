import { z } from 'zod/mini'
import { remember, remembered } from '@/lib/storage'
import { flagSearch, NO_FILTER, type FlagSearch } from './flag-search'

/** A search of the list with its filters, order and columns, under a name. */
export interface SavedView {
  name: string
  search: FlagSearch
}

const viewsShape = z.array(z.object({ name: z.string(), search: flagSearch }))

/** Whose views of which project. */
export interface Shelf {
  person: string
  project: number
}

function placeOf({ person, project }: Shelf): string {
  return `views:${project}:${person}`
}

/** By name. What cannot be read counts as nothing. */
export function savedViews(shelf: Shelf): SavedView[] {
  try {
    return viewsShape.parse(JSON.parse(remembered(placeOf(shelf)) ?? '[]'))
  } catch {
    return []
  }
}

/** Keeps the view, in place of one that had the name. */
export function saveView(shelf: Shelf, { name, search }: SavedView): SavedView[] {
  const others = savedViews(shelf).filter((view) => view.name !== name)
  return put(
    shelf,
    [...others, { name, search }].sort((one, other) => one.name.localeCompare(other.name)),
  )
}

export function forgetView(shelf: Shelf, name: string): SavedView[] {
  return put(
    shelf,
    savedViews(shelf).filter((view) => view.name !== name),
  )
}

function put(shelf: Shelf, views: SavedView[]): SavedView[] {
  remember(placeOf(shelf), JSON.stringify(views))
  return views
}

const BARE: Partial<FlagSearch> = { ...NO_FILTER, view: undefined, sort: undefined, descending: undefined }

/** What of the address changes so that the list is as it was when the view was saved. */
export function toView({ search }: SavedView): Partial<FlagSearch> {
  return { ...BARE, ...search }
}

/** Whether the list is as the view would have it. */
export function isShown({ search }: SavedView, now: FlagSearch): boolean {
  return textOf({ ...BARE, ...search }) === textOf({ ...BARE, ...now, feature: undefined })
}

function textOf(search: Partial<FlagSearch>): string {
  const told = Object.entries(search).sort(([one], [other]) => one.localeCompare(other))
  return JSON.stringify(Object.fromEntries(told))
}
