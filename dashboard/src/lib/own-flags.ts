import { z } from 'zod/mini'
import { facts, serverUrl } from './facts'

/** The dashboard's own flags, with the values they have when nobody configured FLAGSMITH_ON_FLAGSMITH_*. */
export const BUILT_IN = {
  saml: { enabled: false, value: null },
  disable_create_org: { enabled: false, value: null },
  butter_bar: { enabled: false, value: null },
  dark_mode: { enabled: false, value: null },
  default_environment_names_for_new_project: { enabled: true, value: '["Development","Production"]' },
} as const satisfies Record<string, OwnFlag>

export interface OwnFlag {
  enabled: boolean
  value: string | number | boolean | null
}

export type OwnFlagName = keyof typeof BUILT_IN
export type OwnFlags = Readonly<Record<OwnFlagName, OwnFlag>>

const answerShape = z.object({
  flags: z.array(
    z.object({
      feature: z.object({ name: z.string() }),
      enabled: z.boolean(),
      feature_state_value: z.union([z.string(), z.number(), z.boolean(), z.null()]),
    }),
  ),
})

/** The flags for one person, like any other SDK client would read them; the built-in ones when that fails. */
export async function readOwnFlags(email: string | null, signal: AbortSignal): Promise<OwnFlags> {
  if (!facts.flagsKey) return BUILT_IN
  const url = (facts.flagsUrl || `${serverUrl}/api/v1/`).replace(/\/?$/, '/')
  const traits = { dark_mode: prefersDark(), email: email ?? '' }
  const body = {
    identifier: email ?? 'anonymous',
    transient: email === null,
    traits: Object.entries(traits).map(([trait_key, trait_value]) => ({ trait_key, trait_value })),
  }
  try {
    const answer = await fetch(`${url}identities/`, {
      method: 'POST',
      headers: { 'X-Environment-Key': facts.flagsKey, 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
      signal,
    })
    const { flags } = answerShape.parse(await answer.json())
    const given = Object.fromEntries(
      flags.map((flag) => [flag.feature.name, { enabled: flag.enabled, value: flag.feature_state_value }]),
    )
    return { ...BUILT_IN, ...given }
  } catch {
    return BUILT_IN
  }
}

function prefersDark(): boolean {
  return matchMedia('(prefers-color-scheme: dark)').matches
}
