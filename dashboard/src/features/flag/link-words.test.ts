import { expect, test } from 'vitest'
import { addressFrom, hrefOf, shortFormOf, titleOf, withTitle } from './link-words'

test.each([
  ['https://github.com/acme/shop/issues/12', 'acme/shop#12'],
  ['https://github.com/acme/shop/pull/7/files#diff-1', 'acme/shop#7'],
  ['https://git.acme.example:8443/acme/shop/pull/7?w=1', 'acme/shop#7'],
  ['https://gitlab.com/acme/web/shop/-/issues/3', 'acme/web/shop#3'],
  ['https://gitlab.acme.example/acme/shop/-/merge_requests/45/diffs', 'acme/shop!45'],
  ['https://github.com/acme/shop/issues', 'github.com/acme/shop/issues'],
  ['https://github.com/acme/shop/issues/12x', 'github.com/acme/shop/issues/12x'],
  ['https://www.notion.so/acme/Checkout-1f/?pvs=4#top', 'notion.so/acme/Checkout-1f'],
  ['http://wiki.local:8090/', 'wiki.local:8090'],
  ['not an address', 'not an address'],
])('%s is called %s', (url, short) => expect(shortFormOf(url)).toBe(short))

test.each([
  'javascript:alert(1)',
  ' JaVaScript:alert(1)',
  'data:text/html,x',
  'file:///etc',
  '/acme',
  'acme',
])('nobody is led to %s', (url) => expect(hrefOf(url)).toBeUndefined())

test('people are led to pages', () => {
  expect(hrefOf('https://acme.example/a')).toBe('https://acme.example/a')
  expect(hrefOf('http://acme.example')).toBe('http://acme.example')
})

test('an address needs no scheme, and keeps the one that it has', () => {
  expect(addressFrom(' github.com/acme/shop/pull/7 ')).toBe('https://github.com/acme/shop/pull/7')
  expect(addressFrom('http://wiki.local/')).toBe('http://wiki.local/')
  expect(addressFrom('javascript:alert(1)')).toBe('javascript:alert(1)')
})

test('a title comes and goes, and what programs noted stays', () => {
  expect(withTitle(null, ' Plan ')).toEqual({ title: 'Plan' })
  expect(withTitle({ title: 'Plan', state: 'open' }, '')).toEqual({ state: 'open' })
  expect(withTitle({ title: 'Plan' }, ' ')).toBeNull()
  expect(titleOf({ metadata: { title: 'Plan' } })).toBe('Plan')
  expect(titleOf({ metadata: { title: 5 } })).toBe('')
  expect(titleOf({ metadata: null })).toBe('')
})
