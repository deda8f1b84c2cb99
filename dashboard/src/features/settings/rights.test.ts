// @vitest-environment jsdom
import { expect, test } from 'vitest'
import { differences } from './differences'
import { withRight } from './permission-switches'
import { neededFor, presetsFor, wordsFor } from './permission-words'
import { reasonsFor } from './why'

const right = (key: string, tags: number[] = []) => ({ key, tags })

test('the first right in a place brings seeing the place along', () => {
  expect(withRight([], 'CREATE_FEATURE', true, 'VIEW_PROJECT')).toEqual([
    right('CREATE_FEATURE'),
    right('VIEW_PROJECT'),
  ])
})

test('who does not see a place can do nothing there', () => {
  const held = [right('VIEW_PROJECT'), right('CREATE_FEATURE')]
  expect(withRight(held, 'VIEW_PROJECT', false, 'VIEW_PROJECT')).toEqual([])
  expect(withRight(held, 'CREATE_FEATURE', false, 'VIEW_PROJECT')).toEqual([right('VIEW_PROJECT')])
})

test('the tags of a right count as a difference, their order does not', () => {
  const saved = { admin: false, permissions: [right('UPDATE_FEATURE_STATE', [1, 2])] }
  expect(differences(saved, { admin: false, permissions: [right('UPDATE_FEATURE_STATE', [2, 1])] })).toBe(0)
  expect(differences(saved, { admin: false, permissions: [right('UPDATE_FEATURE_STATE', [1])] })).toBe(1)
  expect(differences(saved, { admin: true, permissions: [] })).toBe(2)
})

test('every usual set of rights lets one see the place', () => {
  for (const level of ['project', 'environment'] as const)
    for (const { keys } of presetsFor(level)) expect(keys).toContain(neededFor(level))
})

test('a right that this dashboard does not know is still legible', () => {
  expect(wordsFor('PAINT_IT_BLACK').label).toBe('paint it black')
})

test('each source of a right is named', () => {
  const sources = {
    is_directly_granted: true,
    derived_from: {
      groups: [{ id: 1, name: 'Shop team' }],
      roles: [{ id: 2, name: 'Release manager', tags: [7] }],
    },
  }
  expect(reasonsFor(sources)).toEqual([
    { text: 'in person', tags: [] },
    { text: 'group Shop team', tags: [] },
    { text: 'role Release manager', tags: [7] },
  ])
})
