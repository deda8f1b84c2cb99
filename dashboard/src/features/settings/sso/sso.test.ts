import { expect, test } from 'vitest'
import { fingerprint, lastDay } from './certificates'
import { slugOf } from './slug'

test('a name becomes what an address can bear', () => {
  expect(slugOf('Acme Labs, Köln')).toBe('acme-labs-koln')
  expect(slugOf(' – ')).toBe('')
})

test('a fingerprint reads as identity providers show it', () => {
  expect(fingerprint('ab01ff')).toBe('AB:01:FF')
})

test('the certificate in use says when it ends', () => {
  expect(lastDay([{ sha256: 'a', expires_at: '2030-01-01' }])).toBe('2030-01-01')
  expect(lastDay([])).toBeNull()
})
