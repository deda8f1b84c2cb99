import type { Door } from '@/data/sign-in'
import { basePath } from '@/lib/facts'
import { beginJourney, type Destination } from './journeys'

const ASKED = {
  github: { scope: 'user:email' },
  google: { scope: 'openid email profile', response_type: 'token' },
} as const

/** Where a button leads, once this tab remembers that it went there; null for what nobody can open. */
export function addressOf({ method, start_url, client_id }: Door, to: Destination): string | null {
  if (!start_url || !/^https?:\/\//.test(start_url)) return null
  if (method === 'oidc') {
    beginJourney(method, to)
    return start_url
  }
  if ((method !== 'github' && method !== 'google') || !client_id) return null
  const address = new URL(start_url)
  address.search = new URLSearchParams({
    ...ASKED[method],
    client_id,
    redirect_uri: `${location.origin}${basePath}/oauth/${method}`,
    state: beginJourney(method, to),
  }).toString()
  return address.href
}
