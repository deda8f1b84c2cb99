import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { answered, api, post } from '@/lib/api-client'
import { ApiError } from '@/lib/errors'
import type { UserId } from '@/lib/ids'
import { readOwnFlags } from '@/lib/own-flags'
import { keys } from './keys'

export interface Me {
  id: UserId
  email: string
  first_name: string
  last_name: string
  is_superuser: boolean
  date_joined: string
}

interface Server {
  burgee: string
  has_email_provider?: boolean
  self_hosted_data: { has_users: boolean } | null
}

/** Who is signed in; null for nobody. */
export const me = queryOptions({
  queryKey: keys.me,
  queryFn: async ({ signal }) => {
    try {
      return await answered<Me>(api.GET('/api/v1/auth/users/me/', { signal }))
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) return null
      throw error
    }
  },
  staleTime: 300_000,
})

/** What the server says about itself before anybody signs in. */
export const server = queryOptions({
  queryKey: keys.server,
  queryFn: ({ signal }) => answered<Server>(api.GET('/version/', { signal })),
})

/** The dashboard's own flags for whoever is signed in. */
export const ownFlagsOf = (email: string | null) =>
  queryOptions({
    queryKey: keys.ownFlags(email),
    queryFn: ({ signal }) => readOwnFlags(email, signal),
    staleTime: 300_000,
  })

/** The second step of signing in, for accounts that have one. */
export interface SecondStep {
  ephemeral_token: string
  method?: string
}

export function useSignIn() {
  const signedIn = useSignedIn()
  return useMutation({
    meta: { quiet: true },
    mutationFn: async (given: { email: string; password: string }) => {
      const told = await answered<Partial<SecondStep> | undefined>(
        api.POST('/api/v1/auth/login/', { body: given }),
      )
      if (told?.ephemeral_token) return { ...told, ephemeral_token: told.ephemeral_token }
      await signedIn()
      return null
    },
  })
}

export function useSecondStep() {
  const signedIn = useSignedIn()
  return useMutation({
    meta: { quiet: true },
    mutationFn: async (given: { ephemeral_token: string; code: string }) => {
      await answered(post('/api/v1/auth/login/code/', given))
      await signedIn()
    },
  })
}

export interface NewAccount {
  email: string
  password: string
  first_name: string
  last_name: string
  superuser?: boolean
  invite_hash?: string
  sign_up_type?: 'INVITE_EMAIL' | 'INVITE_LINK' | 'NO_INVITE'
}

export function useSignUp() {
  const signedIn = useSignedIn()
  return useMutation({
    meta: { quiet: true },
    mutationFn: async (given: NewAccount) => {
      await answered(
        api.POST('/api/v1/auth/users/', {
          body: { superuser: false, marketing_consent_given: false, ...given },
        }),
      )
      await signedIn()
    },
  })
}

export function useSignOut() {
  const queryClient = useQueryClient()
  return useMutation({
    mutationFn: () => answered(api.POST('/api/v1/auth/logout/')),
    onSuccess: () => {
      queryClient.clear()
      queryClient.setQueryData(keys.me, null)
    },
  })
}

export function useForgottenPassword() {
  return useMutation({
    meta: { quiet: true },
    mutationFn: (email: string) =>
      answered(api.POST('/api/v1/auth/users/reset_password/', { body: { email } })),
  })
}

export function useNewPassword() {
  return useMutation({
    meta: { quiet: true },
    mutationFn: (given: { uid: string; token: string; new_password: string }) =>
      answered(api.POST('/api/v1/auth/users/reset_password_confirm/', { body: given })),
  })
}

/** Joins an organisation by the secret of an invitation or of an invite link. */
export function useJoin() {
  const queryClient = useQueryClient()
  return useMutation({
    meta: { quiet: true },
    mutationFn: ({ secret, byLink }: { secret: string; byLink: boolean }) => {
      const params = { path: { secret } }
      return answered<{ id: number; name: string }>(
        byLink
          ? api.POST('/api/v1/users/join/link/{secret}/', { params })
          : api.POST('/api/v1/users/join/{secret}/', { params }),
      )
    },
    onSettled: () => queryClient.invalidateQueries({ queryKey: keys.organisations }),
  })
}

/** Learns who it is that has just signed in. */
export function useSignedIn() {
  const queryClient = useQueryClient()
  return () => queryClient.query({ ...me, staleTime: 0 })
}
