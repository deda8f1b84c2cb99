import { queryOptions } from '@tanstack/react-query'
import { answered, ask } from '@/lib/api-client'
import { useAct } from './act'
import { keys } from './keys'

export function useChangeNames() {
  return useAct(
    (body: { first_name: string; last_name: string }) =>
      answered(ask('/api/v1/auth/users/me/', { method: 'PATCH', body })),
    { stale: [keys.me], quiet: true },
  )
}

export function useChangePassword() {
  return useAct(
    (body: { current_password: string; new_password: string }) =>
      answered(ask('/api/v1/auth/users/set_password/', { method: 'POST', body })),
    { stale: [], quiet: true },
  )
}

export function useChangeEmail() {
  return useAct(
    (body: { new_email: string; current_password: string }) =>
      answered(ask('/api/v1/auth/users/set_email/', { method: 'POST', body })),
    { stale: [keys.me], quiet: true },
  )
}

export function useDeleteAccount() {
  return useAct(
    (body: { current_password: string; delete_orphan_organisations: boolean }) =>
      answered(ask('/api/v1/auth/users/me/', { method: 'DELETE', body })),
    { stale: [], quiet: true },
  )
}

/** The one method there is: codes of an application on a phone. */
const METHOD = 'app'

export const hasSecondFactor = queryOptions({
  queryKey: keys.secondFactor,
  queryFn: async ({ signal }) =>
    (await answered<{ name: string }[]>(ask('/api/v1/auth/mfa/user-active-methods/', { signal }))).length > 0,
})

/** That it is still oneself: asked for when the sign-in is older than some minutes and a lock is changed. */
export type Proof = { current_password?: string; code?: string }

/** What the phone scans; nothing is asked for until a code has been confirmed. */
export function useBeginSecondFactor() {
  return useAct(
    (proof: Proof) =>
      answered<{ qr_link: string; secret: string }>(
        ask(`/api/v1/auth/${METHOD}/activate/`, { method: 'POST', body: proof }),
      ),
    { stale: [], quiet: true },
  )
}

export function useConfirmSecondFactor() {
  return useAct(
    (code: string) =>
      answered<{ backup_codes: string[] }>(
        ask(`/api/v1/auth/${METHOD}/activate/confirm/`, { method: 'POST', body: { code } }),
      ),
    { stale: [keys.secondFactor], quiet: true },
  )
}

export function useRemoveSecondFactor() {
  return useAct(
    (proof: Proof) => answered(ask(`/api/v1/auth/${METHOD}/deactivate/`, { method: 'POST', body: proof })),
    { stale: [keys.secondFactor], quiet: true },
  )
}

/** What an application asks a person for. */
export interface Consent {
  application: { name: string; client_id: string }
  scopes: unknown
  redirect_uri: string
  is_verified: boolean
}

export type Question = Readonly<Record<string, string>>

export const consentFor = (question: Question) =>
  queryOptions({
    queryKey: [...keys.consent, question] as const,
    queryFn: ({ signal }) =>
      answered<Consent>(ask(`/api/v1/oauth/authorize/?${new URLSearchParams(question)}`, { signal })),
    retry: false,
  })

export function useAnswerConsent(question: Question) {
  return useAct(
    (allow: boolean) =>
      answered<{ redirect_uri: string }>(
        ask('/api/v1/oauth/authorize/', { method: 'POST', body: { ...question, allow } }),
      ),
    { stale: [] },
  )
}
