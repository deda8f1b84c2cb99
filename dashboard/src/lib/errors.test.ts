import { expect, test } from 'vitest'
import { apiError, isOwnRefusal } from './errors'

test('a detail becomes the message', () => {
  expect(apiError(403, { detail: 'No.' }).message).toBe('No.')
})

test('messages of fields stay with their fields, nested ones by path', () => {
  const error = apiError(400, { name: ['Too long.', 'Taken.'], rules: [{ value: ['Missing.'] }] })
  expect(error.fields).toEqual({ name: 'Too long. Taken.', 'rules.value': 'Missing.' })
})

test('what belongs to no field is the message', () => {
  const error = apiError(400, { non_field_errors: ['Unable to log in.'] })
  expect([error.message, error.fields]).toEqual(['Unable to log in.', {}])
})

test('a bare array and a bare text are messages', () => {
  expect(apiError(400, ['One.', 'Two.']).message).toBe('One. Two.')
  expect(apiError(400, 'Three.').message).toBe('Three.')
})

test('an answer without words gets some', () => {
  expect(apiError(404, null).message).toMatch(/does not exist/)
  expect(apiError(502, '').message).toMatch(/on the server/)
})

test('what the server says about a directory or GitHub is a refusal, what a proxy says about the server is not', () => {
  expect(isOwnRefusal(503, { detail: 'The directory is silent.', code: 'directory_silent' })).toBe(true)
  expect(isOwnRefusal(502, { message: 'GitHub did not accept the code.' })).toBe(true)
  for (const body of [null, '', '<html>', { detail: 'The database cannot be reached.' }, { message: 'No.' }])
    expect(isOwnRefusal(503, body)).toBe(false)
})
