import { queryOptions, useMutation } from '@tanstack/react-query'
import { answered, ask, post } from '@/lib/api-client'
import { shownPasskey } from '@/lib/passkeys'
import { useSignedIn, type SecondStep } from './account'
import { keys } from './keys'

export type SignInMethod = 'password' | 'github' | 'google' | 'saml' | 'oidc' | 'ldap' | 'passkey'

/** A way in that is set up here and allowed to somebody. */
export interface Door {
  method: SignInMethod
  key: string
  name: string
  start_url: string | null
  client_id: string | null
}

/** For everybody, or for the people of an e-mail domain: whether somebody has an address there is not asked. */
export const signInMethods = (domain: string | null = null) =>
  queryOptions({
    queryKey: domain === null ? keys.signInMethods : [...keys.signInMethods, domain],
    queryFn: ({ signal }) =>
      answered<Door[]>(
        ask(`/api/v1/auth/methods/${domain === null ? '' : `?email=${encodeURIComponent(`@${domain}`)}`}`, {
          signal,
        }),
      ),
    staleTime: 60_000,
  })

/** Where to go to sign in by the connection that an organisation gave this name. */
export function useSamlAddress() {
  return useMutation({
    meta: { quiet: true },
    mutationFn: async (name: string) =>
      (
        await answered<{ url: string }>(
          ask(`/api/v1/auth/saml/${encodeURIComponent(name)}/request/`, { method: 'POST', body: {} }),
        )
      ).url,
  })
}

/** The ways that come back to a page of ours with something to exchange. */
export type ReturningMethod = 'oidc' | 'saml' | 'github' | 'google'

const EXCHANGES = {
  oidc: ['/api/v1/auth/oidc/login/', 'code'],
  saml: ['/api/v1/auth/saml/login/', 'access_token'],
  github: ['/api/v1/auth/oauth/github/', 'access_token'],
  google: ['/api/v1/auth/oauth/google/', 'access_token'],
} as const

/** Signs in with what a provider sent the browser back with; null, or the second step that must follow. */
export function useExchange(method: ReturningMethod) {
  const signedIn = useSignedIn()
  return useMutation({
    meta: { quiet: true },
    mutationFn: async (code: string): Promise<SecondStep | null> => {
      const [path, field] = EXCHANGES[method]
      const told = await answered<Partial<SecondStep> | undefined>(post(path, { [field]: code }))
      if (told?.ephemeral_token) return { ...told, ephemeral_token: told.ephemeral_token }
      await signedIn()
      return null
    },
  })
}

/** Signs in with a passkey: instead of a password, or after it when there is a step to follow. */
export function usePasskeySignIn() {
  const signedIn = useSignedIn()
  return useMutation({
    meta: { quiet: true },
    mutationFn: async (step: SecondStep | null) => {
      const after = step ? { ephemeral_token: step.ephemeral_token } : {}
      const { publicKey } = await answered<{ publicKey: PublicKeyCredentialRequestOptionsJSON }>(
        post('/api/v1/auth/passkeys/sign-in/options/', after),
      )
      const credential = await shownPasskey(publicKey)
      await answered(post('/api/v1/auth/passkeys/sign-in/', { ...after, credential }))
      await signedIn()
    },
  })
}
