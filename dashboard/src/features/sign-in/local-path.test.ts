import { expect, test } from 'vitest'
import { localPath } from './local-path'

test('a page of ours is where one goes on', () => {
  expect(localPath('/project/1?x=2')).toBe('/project/1?x=2')
})

test.each([
  '//evil.example',
  '/\\evil.example',
  'https://evil.example',
  'javascript:alert(1)',
  undefined,
  '/login',
])('never %s', (target) => {
  expect(localPath(target)).toBe('/')
})
