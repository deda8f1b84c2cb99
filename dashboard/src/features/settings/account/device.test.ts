import { expect, test } from 'vitest'
import { methodName } from '@/lib/method-names'
import { deviceOf } from './device'

const CHROME =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36'

test.each([
  [CHROME, 'Chrome on Linux'],
  [`${CHROME} Edg/140.0.0.0`, 'Edge on Linux'],
  ['Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:143.0) Gecko/20100101 Firefox/143.0', 'Firefox on Windows'],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Version/18.5 Mobile/15E148 Safari/604.1',
    'Safari on iOS',
  ],
  ['python-requests/2.32.3', 'python-requests'],
  ['  ', 'Unknown program'],
  [null, 'Unknown program'],
])('%s is %s', (label, words) => {
  expect(deviceOf(label)).toBe(words)
})

test('a sign-in from before methods were kept has no name', () => {
  expect([methodName('oidc'), methodName(null)]).toEqual(['OpenID Connect', 'Unknown'])
})
