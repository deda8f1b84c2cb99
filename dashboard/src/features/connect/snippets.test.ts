import { expect, test } from 'vitest'
import { SDKS, snippet } from './snippets'

const asked = { url: 'https://flags.example.com/api/v1/', key: 'KEY1', feature: 'dark_mode' }

test.each(SDKS.map(({ id }) => id))('the snippet for %s has the address and the key', (language) => {
  const text = snippet(language, asked)
  expect(text).toContain('https://flags.example.com/api/v1/')
  expect(text).toContain('KEY1')
})
