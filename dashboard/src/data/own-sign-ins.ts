import { queryOptions } from '@tanstack/react-query'
import { answered, api, ask } from '@/lib/api-client'
import { madePasskey } from '@/lib/passkeys'
import type { Proof } from './account-settings'
import { useAct } from './act'
import { keys } from './keys'
import type { ReturningMethod, SignInMethod } from './sign-in'

/** Somewhere the own account is signed in. */
export interface Session {
  id: number
  /** What the browser or program called itself. */
  label: string | null
  method: SignInMethod | null
  created_at: string
  /** The last day on which it was used. */
  last_used_on: string | null
  is_current: boolean
}

export const ownSessions = queryOptions({
  queryKey: keys.sessions,
  queryFn: ({ signal }) => answered<Session[]>(api.GET('/api/v1/users/me/sessions/', { signal })),
})

export function useEndSession() {
  return useAct((id: number) => answered(ask(`/api/v1/users/me/sessions/${id}/`, { method: 'DELETE' })), {
    stale: [keys.sessions],
  })
}

export function useEndOtherSessions() {
  return useAct(() => answered<{ ended: number }>(api.POST('/api/v1/users/me/sessions/end-others/')), {
    stale: [keys.sessions],
  })
}

/** Somebody elsewhere who knows the own account: a provider, or the connection of an organisation. */
export interface SourceLink {
  id: number
  method: SignInMethod
  key: string
  /** Made by its owner, not by an address that was the same. */
  is_explicit: boolean
  created_at: string
  last_used_at: string | null
}

export const sourceLinks = queryOptions({
  queryKey: keys.sourceLinks,
  queryFn: ({ signal }) => answered<SourceLink[]>(api.GET('/api/v1/users/me/links/', { signal })),
})

/** Tells the server whom a provider's page met, so that it opens the own account from now on. */
export function useLinkSource(method: ReturningMethod) {
  return useAct(
    ({ code, proof }: { code: string; proof: Proof }) => {
      const { current_password = '', code: current_code = '' } = proof
      const isHandedOver = method === 'oidc' || method === 'saml'
      return answered<SourceLink>(
        ask(isHandedOver ? '/api/v1/auth/links/' : `/api/v1/users/me/links/${method}/`, {
          method: 'POST',
          body: {
            current_password,
            current_code,
            ...(isHandedOver ? { method, code } : { access_token: code }),
          },
        }),
      )
    },
    { stale: [keys.sourceLinks], quiet: true },
  )
}

export function useDeleteSourceLink() {
  return useAct((id: number) => answered(ask(`/api/v1/users/me/links/${id}/`, { method: 'DELETE' })), {
    stale: [keys.sourceLinks, keys.sessions],
  })
}

export interface Passkey {
  id: number
  name: string
  created_at: string
  last_used_at: string | null
  /** Kept by an account elsewhere and so on several devices. */
  is_synced: boolean
  transports: readonly string[]
}

const PASSKEYS = '/api/v1/auth/passkeys/'

export const ownPasskeys = queryOptions({
  queryKey: keys.passkeys,
  queryFn: ({ signal }) => answered<Passkey[]>(api.GET(PASSKEYS, { signal })),
})

export function useAddPasskey() {
  return useAct(
    async ({ name, proof }: { name: string; proof: Proof }) => {
      const { publicKey } = await answered<{ publicKey: PublicKeyCredentialCreationOptionsJSON }>(
        ask(`${PASSKEYS}registration/options/`, { method: 'POST', body: proof }),
      )
      const credential = await madePasskey(publicKey)
      return answered<Passkey>(ask(PASSKEYS, { method: 'POST', body: { name, credential } }))
    },
    { stale: [keys.passkeys], quiet: true },
  )
}

export function useRenamePasskey() {
  return useAct(
    ({ id, name }: { id: number; name: string }) =>
      answered<Passkey>(ask(`${PASSKEYS}${id}/`, { method: 'PATCH', body: { name } })),
    { stale: [keys.passkeys], quiet: true },
  )
}

export function useDeletePasskey() {
  return useAct(
    ({ id, proof }: { id: number; proof: Proof }) =>
      answered(ask(`${PASSKEYS}${id}/`, { method: 'DELETE', body: proof })),
    { stale: [keys.passkeys], quiet: true },
  )
}
