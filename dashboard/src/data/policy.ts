import { queryOptions, useMutation } from '@tanstack/react-query'
import { answered, ask } from '@/lib/api-client'
import { useAct } from './act'
import { keys } from './keys'
import type { SignInMethod } from './sign-in'

/** The ways by which people of an e-mail domain may sign in; `*` is every domain without a rule of its own. */
export interface SignInRule {
  id: number
  domain: string
  methods: readonly SignInMethod[]
  changed_at: string
}

export interface SignInRuleDraft {
  domain: string
  methods: readonly SignInMethod[]
}

/** What the environment of the server says, and what is set up. */
export interface PolicySettings {
  everywhere: readonly SignInMethod[]
  configured: readonly SignInMethod[]
  prevent_email_password: boolean
  prevent_signup: boolean
  allow_registration_without_invite: boolean
  session_days: number
  session_idle_days: number
  break_glass: readonly { email: string; until: string | null }[]
}

export interface People {
  amount: number
  /** Of the first of them. */
  emails: readonly string[]
  /** Whoever asks is among them. */
  has_self: boolean
}

/** What a change of the rules would do. */
export interface Consequences {
  concerned: number
  /** No way is left to them. */
  locked_out: People
  /** What is left to them they never came by. */
  untried: People
}

const RULES = '/api/v1/auth/policy/'

export const signInRules = queryOptions({
  queryKey: keys.policy,
  queryFn: ({ signal }) => answered<SignInRule[]>(ask(RULES, { signal })),
})

export const policySettings = queryOptions({
  queryKey: [...keys.policy, 'settings'],
  queryFn: ({ signal }) => answered<PolicySettings>(ask(`${RULES}settings/`, { signal })),
})

/** Asks what would follow; nothing is changed. No methods: there would be no rule. */
export function useConsequences() {
  return useMutation({
    meta: { quiet: true },
    mutationFn: ({ known, body }: { known: SignInRule | null; body: SignInRuleDraft }) =>
      answered<Consequences>(
        ask(`${RULES}preview/`, { method: 'POST', body: { ...body, replaces: known?.id ?? null } }),
      ),
  })
}

const STALE = { stale: [keys.policy, keys.signInMethods] }

export function useSaveRule() {
  return useAct(
    ({ known, body }: { known: SignInRule | null; body: SignInRuleDraft }) =>
      answered<SignInRule>(
        known ? ask(`${RULES}${known.id}/`, { method: 'PUT', body }) : ask(RULES, { method: 'POST', body }),
      ),
    { ...STALE, quiet: true },
  )
}

export function useDeleteRule() {
  return useAct(({ id }: SignInRule) => answered(ask(`${RULES}${id}/`, { method: 'DELETE' })), STALE)
}
