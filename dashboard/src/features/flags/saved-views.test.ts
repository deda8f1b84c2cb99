// @vitest-environment jsdom
import { afterEach, expect, test } from 'vitest'
import { forgetView, isShown, savedViews, saveView, toView } from './saved-views'

afterEach(() => localStorage.clear())

const shelf = { person: 'ada@example.com', project: 1 }

test('views are kept by person and project, and sorted by name', () => {
  saveView(shelf, { name: 'Stale ones', search: { stale: true } })
  saveView(shelf, { name: 'Mine', search: { owner: 3, sort: 'changed', descending: true } })

  expect(savedViews(shelf).map(({ name }) => name)).toEqual(['Mine', 'Stale ones'])
  expect(savedViews({ ...shelf, project: 2 })).toEqual([])
  expect(savedViews({ ...shelf, person: 'ben@example.com' })).toEqual([])
})

test('a name that is taken again replaces the view, and one can be forgotten', () => {
  saveView(shelf, { name: 'Mine', search: { owner: 3 } })
  expect(saveView(shelf, { name: 'Mine', search: { owner: 4 } })).toEqual([
    { name: 'Mine', search: { owner: 4 } },
  ])
  expect(forgetView(shelf, 'Mine')).toEqual([])
})

test.each(['', 'nonsense', '{"name": 1}', '[{"name": "x"}]'])(
  'what is broken counts as nothing: %s',
  (text) => {
    localStorage.setItem('burgee:views:1:ada@example.com', text)
    expect(savedViews(shelf)).toEqual([])
  },
)

test('a view that is opened takes away what it does not have', () => {
  const view = { name: 'Stale ones', search: { stale: true } }
  const now = { search: 'pay', sort: 'changed', view: 'all' } as const
  expect(isShown(view, now)).toBe(false)
  expect(isShown(view, { ...now, ...toView(view) })).toBe(true)
})
