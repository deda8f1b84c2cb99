import { z } from 'zod/mini'
import type { ReturningMethod } from '@/data/sign-in'
import { keepInTab, takenFromTab } from '@/lib/storage'

const journeyShape = z.object({
  method: z.enum(['oidc', 'saml', 'github', 'google']),
  state: z.string(),
  next: z.string(),
  purpose: z.enum(['sign-in', 'link']),
})

/** What somebody goes to a provider for: to get in, or to have it know the account that they are in. */
export type Purpose = 'sign-in' | 'link'

/** Where one ends up, and what for. */
export interface Destination {
  next: string
  purpose: Purpose
}

/** A way that this tab began and a provider ends. */
export type Journey = z.infer<typeof journeyShape>

const KEPT_AS = 'journey'

/** Remembers in this tab that it leaves, and what for; returns what nobody else can know of it. */
export function beginJourney(method: ReturningMethod, to: Destination): string {
  const state = crypto.getRandomValues(new Uint32Array(4)).join('-')
  keepInTab(KEPT_AS, JSON.stringify({ method, state, ...to }))
  return state
}

/** The journey that this tab began by this method, which ends here; null for one that somebody else began. */
export function endedJourney(method: ReturningMethod): Journey | null {
  try {
    const journey = journeyShape.parse(JSON.parse(takenFromTab(KEPT_AS) ?? ''))
    return journey.method === method ? journey : null
  } catch {
    return null
  }
}

/** What a provider sent the browser back with. */
export interface Return {
  code: string | null
  state: string | null
  error: string | null
  detail: string | null
  next: string | null
}

/** Of the part of an address behind its ? or #. */
export function returnIn(part: string): Return {
  const given = new URLSearchParams(part.replace(/^[?#]/, ''))
  return {
    code: given.get('code') ?? given.get('access_token'),
    state: given.get('state'),
    error: given.get('error'),
    detail: given.get('detail') ?? given.get('error_description'),
    next: given.get('next'),
  }
}

/** Providers that give our `state` back: without it nobody knows whose the code is. */
const GIVES_STATE: readonly ReturningMethod[] = ['github', 'google']

export type Verdict = 'exchange' | 'ask' | 'refused'

/**
 * What to do with a return. A code that this tab did not ask for could be somebody else's, who would like us to work in
 * their account: then a person decides, or, where the provider would have told, nobody.
 */
export function verdictOn(
  method: ReturningMethod,
  { code, error, state }: Return,
  begun: Journey | null,
): Verdict {
  if (error !== null || code === null) return 'refused'
  if (GIVES_STATE.includes(method)) return begun !== null && begun.state === state ? 'exchange' : 'refused'
  return begun === null ? 'ask' : 'exchange'
}

/** Why nobody was signed in. The provider's own words count only in answer to what this tab asked. */
export function refusalWords({ code, error, detail }: Return, begun: Journey | null): string {
  if (error === 'access_denied') return 'The provider was not allowed to say who you are.'
  if (error !== null) return (begun && detail) || 'The provider refused the sign-in.'
  return code === null
    ? 'The provider sent nothing to sign in with.'
    : 'This sign-in did not begin in this tab. Please start again.'
}
