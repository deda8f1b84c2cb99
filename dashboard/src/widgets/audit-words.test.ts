import { expect, test } from 'vitest'
import type { UserId } from '@/lib/ids'
import { idFrom } from '@/lib/ids'
import { aLine } from '@/testing/builders'
import { changeWords, newsWords } from './audit-words'

const BOB = { id: idFrom<UserId>('2'), email: 'bob@example.com', first_name: 'Bob', last_name: 'Builder' }
const ADA = idFrom<UserId>('1')
const PRODUCTION = { id: idFrom('1'), name: 'Production', api_key: 'k' } as never
const LOG = 'Flag state updated for feature: dark_mode in environment: Production'
const byBob = (given = {}) => aLine({ author: BOB, environment: PRODUCTION, log: LOG, ...given })

test('a change is told in one line', () => {
  expect(changeWords({ field: 'enabled', old: false, new: true })).toBe('State off → on')
  expect(changeWords({ field: 'feature_state_value', old: null, new: '50' })).toBe('Value – → "50"')
  expect(changeWords({ field: 'feature_state_value', old: 1, new: 'x'.repeat(90) })).toBe('Value changed')
})

test('who did it, where, and what became of it', () => {
  const change_details = [{ field: 'enabled', old: false, new: true }]
  expect(newsWords([byBob({ change_details })], ADA)).toEqual({
    title: 'Bob Builder in Production',
    message: 'Flag state updated for feature: dark_mode\nState off → on',
  })
})

test('many changes at once are told together', () => {
  const lines = [1, 2, 3, 4, 5].map((id) => byBob({ id, environment: null, log: `New tag ${id}` }))
  expect(newsWords(lines, ADA)).toEqual({
    title: 'Bob Builder',
    message: 'New tag 1\nNew tag 2\nNew tag 3\nand 2 more changes',
  })
  const key = byBob({ author: null, author_kind: 'api_key', author_label: 'ci' })
  expect(newsWords([key, byBob()], ADA)?.title).toBe('Several people in Production')
})

test('nobody is told of what they did themselves, of what Burgee did, or of what is on no list', () => {
  expect(newsWords([byBob()], BOB.id)).toBeNull()
  expect(newsWords([byBob({ author: null, author_kind: 'system' })], ADA)).toBeNull()
  expect(newsWords([byBob({ related_object_type: 'GRANT' })], ADA)).toBeNull()
})
