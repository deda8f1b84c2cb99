/**
 * What the first list is made of is asked for before the program has come. The build puts this file into the page itself,
 * so that the server answers while the browser still reads the rest.
 */
import { firstQuestions } from './first-questions'

const base = new URL(document.baseURI).pathname.replace(/\/[^/]*$/, '')
const facts = document.querySelector('meta[name="burgee-facts"]')?.getAttribute('content') ?? ''
const headers = { 'Burgee-Session': 'cookie', Accept: 'application/json' }

// With an API elsewhere the program knows better where to ask.
if (facts.includes('"api":""')) {
  window.earlyAnswers = new Map()
  for (const path of firstQuestions(location.pathname.slice(base.length))) {
    const url = `${location.origin}${base}${path}`
    const answer = fetch(url, { credentials: 'include', headers })
    // Whoever takes it hears of a failure; when nobody does, it is nobody's.
    answer.catch(() => undefined)
    window.earlyAnswers.set(url, answer)
  }
}
