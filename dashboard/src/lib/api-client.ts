import createClient from 'openapi-fetch'
import type { paths } from '@/generated/api'
import { earlyAnswer } from './early-answers'
import { apiError, codeOf, isOwnRefusal, Unreachable } from './errors'
import { serverUrl } from './facts'

/** Typed by our OpenAPI document: paths, parameters and bodies. Wrap each call in `answered`. */
export const api = createClient<paths>({
  baseUrl: serverUrl,
  credentials: 'include',
  headers: { 'Burgee-Session': 'cookie', Accept: 'application/json' },
  fetch: (request) => (request.method === 'GET' && earlyAnswer(request.url)) || fetch(request),
})

interface Outcome {
  data?: unknown
  error?: unknown
  response: Response
}

/**
 * The body of an answer. `Told` is what the route is known to answer where the document only says "an object".
 * Throws ApiError for a refusal and Unreachable when nobody answered; notices both for whoever watches.
 */
export async function answered<Told>(call: Promise<Outcome>): Promise<Told> {
  let outcome: Outcome
  try {
    outcome = await call
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    noticeApi('unreachable')
    throw new Unreachable()
  }
  const { response } = outcome
  if ([502, 503, 504].includes(response.status) && !isOwnRefusal(response.status, outcome.error)) {
    noticeApi('unreachable')
    throw new Unreachable()
  }
  if (!response.ok) {
    if (response.status === 401) noticeApi('signed-out')
    const refusal = apiError(response.status, outcome.error)
    if (codeOf(refusal) === 'second_factor_needed') noticeApi('factor-needed')
    throw refusal
  }
  // eslint-disable-next-line @typescript-eslint/consistent-type-assertions -- the one place where the answer gets its type
  return outcome.data as Told
}

interface Asked {
  method?: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'
  body?: unknown
  signal?: AbortSignal
}

/** A call whose address is put together, because several routes are alike, or which the OpenAPI document does not describe. */
export async function ask(path: string, { method = 'GET', body, signal }: Asked = {}): Promise<Outcome> {
  const isFile = body instanceof FormData
  const url = `${serverUrl}${path}`
  const early = method === 'GET' ? earlyAnswer(url) : undefined
  const response = await (early ??
    fetch(url, {
      method,
      credentials: 'include',
      headers: {
        'Burgee-Session': 'cookie',
        Accept: 'application/json',
        ...(body === undefined || isFile ? {} : { 'Content-Type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: isFile ? body : JSON.stringify(body) }),
      ...(signal ? { signal } : {}),
    }))
  const text = await response.text()
  const told: unknown = text ? JSON.parse(text) : undefined
  return response.ok ? { data: told, response } : { error: told, response }
}

/** A write to a route that the OpenAPI document does not describe. */
export function post(path: string, body: unknown): Promise<Outcome> {
  return ask(path, { method: 'POST', body })
}

export interface Page<Row> {
  count: number
  next: string | null
  results: Row[]
}

type Notice = 'unreachable' | 'signed-out' | 'factor-needed'
const watchers = new Set<(notice: Notice) => void>()

/** Told of every answer that concerns the whole page; returns what stops it. */
export function watchApi(watch: (notice: Notice) => void): () => void {
  watchers.add(watch)
  return () => watchers.delete(watch)
}

/** Tells them what somebody else noticed, such as the stream of changes. */
export function noticeApi(notice: Notice): void {
  watchers.forEach((watch) => watch(notice))
}

/** Whether the server answers again; asked while it does not. */
export async function serverAnswers(): Promise<boolean> {
  try {
    return (await fetch(`${serverUrl}/health/readiness/`, { cache: 'no-store' })).ok
  } catch {
    return false
  }
}
