export type FieldErrors = Readonly<Record<string, string>>

/** A refusal of the API: a sentence for the screen, and the messages that belong to fields. */
export class ApiError extends Error {
  override readonly name = 'ApiError'

  constructor(
    readonly status: number,
    message: string,
    readonly fields: FieldErrors = {},
    readonly body: unknown = null,
  ) {
    super(message)
  }
}

/** Nobody answered: the network, or a server that is being restarted. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable'

  constructor() {
    super('The server cannot be reached.')
  }
}

const GENERAL = new Set(['detail', 'message', 'error', 'non_field_errors'])

/** The error in any of the shapes that the API sends: {detail}, {field: [text]}, {field: {inner: [text]}}, [text], text. */
export function apiError(status: number, body: unknown): ApiError {
  const fields: Record<string, string> = {}
  const general: string[] = []
  for (const [path, text] of messagesIn(body)) {
    const field = path.filter((part) => !GENERAL.has(part)).join('.')
    if (field === '' || path.some((part) => GENERAL.has(part))) general.push(text)
    else fields[field] = fields[field] ? `${fields[field]} ${text}` : text
  }
  const [first] = Object.values(fields)
  return new ApiError(status, general.join(' ') || first || wordsFor(status), fields, body)
}

function messagesIn(body: unknown, path: readonly string[] = []): (readonly [readonly string[], string])[] {
  if (typeof body === 'string') return body ? [[path, body]] : []
  if (Array.isArray(body)) return body.flatMap((item) => messagesIn(item, path))
  if (typeof body === 'object' && body !== null)
    return Object.entries(body).flatMap(([key, value]) =>
      // A bare text under `code` is for programs; a list of texts belongs to a field of that name.
      key === 'code' && typeof value === 'string' ? [] : messagesIn(value, [...path, key]),
    )
  return []
}

function wordsFor(status: number): string {
  if (status === 401) return 'Sign in to go on.'
  if (status === 403) return 'You may not do this. An administrator can give you the permission.'
  if (status === 404) return 'This does not exist, or you may not see it.'
  if (status === 409) return 'Somebody else changed this in the meantime. Look at it again.'
  if (status === 429) return 'Too many tries. Wait a moment.'
  return status >= 500 ? 'Something went wrong on the server.' : 'The server refused this.'
}

/** What a program goes by in a refusal, such as `proof_needed`. */
export function codeOf(error: unknown): string | null {
  if (!(error instanceof ApiError) || typeof error.body !== 'object' || error.body === null) return null
  return 'code' in error.body && typeof error.body.code === 'string' ? error.body.code : null
}

/** Whether a 502 or 503 is the server's own word about somebody whom it asked, not a proxy's about the server. */
export function isOwnRefusal(status: number, body: unknown): boolean {
  if (typeof body !== 'object' || body === null) return false
  if ('code' in body && typeof body.code === 'string') return true
  return status === 502 && 'message' in body && typeof body.message === 'string'
}

/** One sentence about anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error && error.message ? error.message : 'Something went wrong.'
}
