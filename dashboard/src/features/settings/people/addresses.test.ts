import { expect, test } from 'vitest'
import { addressesIn, isAddress } from './addresses'

test('a pasted list falls into addresses, whatever stands between them', () => {
  expect(addressesIn('ada@example.com, ben@example.com;\n eve@example.com ')).toEqual([
    'ada@example.com',
    'ben@example.com',
    'eve@example.com',
  ])
})

test('what cannot be an address is noticed before it is sent', () => {
  expect(isAddress('ada@example.com')).toBe(true)
  expect(isAddress('ada@example')).toBe(false)
  expect(isAddress('ada example.com')).toBe(false)
})
