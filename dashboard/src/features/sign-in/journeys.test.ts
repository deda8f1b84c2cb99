// @vitest-environment jsdom
import { beforeEach, expect, test } from 'vitest'
import { beginJourney, endedJourney, refusalWords, returnIn, verdictOn } from './journeys'

const HOME = { next: '/', purpose: 'sign-in' } as const

beforeEach(() => sessionStorage.clear())

test('a journey ends once, and by the method that it began with', () => {
  const state = beginJourney('github', { next: '/projects', purpose: 'link' })
  expect(endedJourney('github')).toEqual({ method: 'github', state, next: '/projects', purpose: 'link' })
  expect(endedJourney('github')).toBeNull()
  beginJourney('saml', HOME)
  expect(endedJourney('oidc')).toBeNull()
})

test('a code is exchanged when this tab asked for it; otherwise a person is asked', () => {
  const told = returnIn('#code=abc')
  beginJourney('oidc', HOME)
  expect(verdictOn('oidc', told, endedJourney('oidc'))).toBe('exchange')
  expect(verdictOn('oidc', told, null)).toBe('ask')
})

test('a code of GitHub counts only with the state that went there', () => {
  const state = beginJourney('github', HOME)
  const begun = endedJourney('github')
  expect(verdictOn('github', returnIn(`?code=abc&state=${state}`), begun)).toBe('exchange')
  expect(verdictOn('github', returnIn('?code=abc&state=other'), begun)).toBe('refused')
  expect(verdictOn('github', returnIn('?code=abc'), null)).toBe('refused')
})

test('words in an address are shown only to who asked', () => {
  const told = returnIn('#error=policy&detail=Call+this+number')
  beginJourney('oidc', HOME)
  expect(refusalWords(told, endedJourney('oidc'))).toBe('Call this number')
  expect(refusalWords(told, null)).toBe('The provider refused the sign-in.')
  expect(verdictOn('oidc', told, null)).toBe('refused')
})

test('an address without anything says so', () => {
  expect(refusalWords(returnIn(''), null)).toMatch(/sent nothing/)
})
