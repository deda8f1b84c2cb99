import { screen } from '@testing-library/react'
import { http, HttpResponse } from 'msw'
import { expect, test, vi } from 'vitest'
import { aFeature } from '@/testing/builders'
import { network } from '@/testing/network'
import { renderApp } from '@/testing/render-app'
import { earlyAnswer } from './early-answers'
import { firstQuestions } from './first-questions'

const PATH = '/project/1/environment/prod/features'
const FIRST = firstQuestions(PATH).map((path) => `${location.origin}${path}`)

test('nothing is asked early that the list would not ask for', async () => {
  const asked = new Set<string>()
  network.events.on('request:start', ({ request }) => asked.add(request.url))

  renderApp(PATH, { features: [aFeature()] })
  await screen.findByRole('switch')

  expect(FIRST.length).toBeGreaterThan(0)
  expect(FIRST.filter((url) => !asked.has(url))).toEqual([])
})

test('other pages have no first questions', () => {
  expect(firstQuestions('/login')).toEqual([])
  expect(firstQuestions(`${PATH}/12`)).toEqual([])
})

async function askEarly() {
  network.use(http.get('*/api/v1/*', () => HttpResponse.json({})))
  document.head.innerHTML =
    '<base href="/"><meta name="burgee-facts" content="{&quot;api&quot;:&quot;&quot;}">'
  window.history.replaceState(null, '', PATH)
  vi.resetModules()
  await import('./early')
  document.head.innerHTML = ''
  window.history.replaceState(null, '', '/')
}

test('an early answer is given out once', async () => {
  vi.spyOn(performance, 'now').mockReturnValue(1_000)
  await askEarly()

  const answers = await Promise.all(FIRST.flatMap((url) => earlyAnswer(url) ?? []))
  expect(answers.map(({ status }) => status)).toEqual(FIRST.map(() => 200))
  expect(FIRST.map((url) => earlyAnswer(url))).toEqual(FIRST.map(() => undefined))
})

test('an answer that nobody took soon is of no use', async () => {
  vi.spyOn(performance, 'now').mockReturnValue(60_000)
  await askEarly()

  expect(FIRST.map((url) => earlyAnswer(url))).toEqual(FIRST.map(() => undefined))
})
