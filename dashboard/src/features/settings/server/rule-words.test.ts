import { expect, test } from 'vitest'
import { named, whom } from './rule-words'

test('a rule is for a domain, or for everybody else', () => {
  expect(whom('acme.com')).toBe('acme.com')
  expect(whom('*')).toBe('everybody else')
})

test('of many people the first are named', () => {
  expect(named(['a@x.com', 'b@x.com'], 2)).toBe('a@x.com, b@x.com')
  expect(named(['a@x.com', 'b@x.com'], 5)).toBe('a@x.com, b@x.com and 3 more')
})
