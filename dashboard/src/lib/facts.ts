import { z } from 'zod/mini'

/** What the server writes into index.html. */
const factsShape = z.object({
  version: z._default(z.string(), 'dev'),
  api: z._default(z.string(), ''),
  flagsUrl: z._default(z.string(), ''),
  flagsKey: z._default(z.string(), ''),
  publicUrl: z._default(z.string(), ''),
  preventSignup: z._default(z.boolean(), false),
  preventEmailPassword: z._default(z.boolean(), false),
  inviteNeeded: z._default(z.boolean(), false),
  hideInviteLinks: z._default(z.boolean(), false),
})

function meta(name: string): string {
  return document.querySelector(`meta[name="${name}"]`)?.getAttribute('content') ?? ''
}

export const facts = factsShape.parse(JSON.parse(meta('burgee-facts') || '{}'))
export const styleNonce = meta('burgee-nonce')

/** Where the dashboard lives, without a slash at the end: '' or '/flags'. */
export const basePath = new URL(document.baseURI).pathname.replace(/\/[^/]*$/, '')

/** The server without /api/v1/: another one when the dashboard stands alone. */
export const serverUrl = facts.api
  ? facts.api.replace(/\/api\/v1\/?$/, '').replace(/\/$/, '')
  : `${location.origin}${basePath}`

/** What people put into their SDKs. */
export const sdkUrl = `${facts.publicUrl || serverUrl}/api/v1/`
