import { expect, test } from 'vitest'
import { diffLines } from './diff-lines'

const signs = { same: ' ', gone: '-', come: '+' }
const drawn = (before: string, after: string) =>
  diffLines(before, after).map((line) => signs[line.kind] + line.text)

test('what stays, goes and comes is in the order of reading', () => {
  expect(drawn('a\nb\nc', 'a\nx\nc')).toEqual([' a', '-b', '+x', ' c'])
})

test('nothing to something is all new', () => {
  expect(drawn('', 'a\nb')).toEqual(['+a', '+b'])
})

test('equal texts have no changes', () => {
  expect(drawn('a\nb', 'a\nb')).toEqual([' a', ' b'])
})
