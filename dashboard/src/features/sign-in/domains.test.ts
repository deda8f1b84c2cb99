import { expect, test } from 'vitest'
import { domainIn } from './domains'

test.each([
  ['ada@Acme.com', 'acme.com'],
  [' ada@mail.acme.co.uk ', 'mail.acme.co.uk'],
  ['ada@bücher.example', 'bücher.example'],
  ['ada', null],
  ['ada@', null],
  ['ada@acme', null],
  ['ada@acme.', null],
  ['a@b@acme.com', null],
])('the domain of %o is %o', (typed, domain) => {
  expect(domainIn(typed)).toBe(domain)
})
