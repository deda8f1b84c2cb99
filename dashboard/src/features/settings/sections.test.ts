import { expect, test } from 'vitest'
import { SECTIONS, sectionOf, sectionsLike } from './sections'

test('an address names its section, also by the name that it used to have', () => {
  expect(sectionOf('organisation', 'roles').label).toBe('Roles')
  expect(sectionOf('organisation', 'api-access').label).toBe('API keys')
  expect(sectionOf('project', 'export').label).toBe('Import and export')
})

test('an unknown tab leads to the first section of the scope', () => {
  expect(sectionOf('project', 'billing').tab).toBe('general')
  expect(sectionOf('account', undefined).label).toBe('Profile')
})

test('a section is found by what people call it', () => {
  expect(sectionsLike('2FA').map(({ label }) => label)).toContain('Security')
  expect(sectionsLike('environment key').map(({ label }) => label)).toEqual(['SDK keys'])
  expect(sectionsLike('nonsense')).toEqual([])
  expect(sectionsLike('  ')).toEqual(SECTIONS)
})
