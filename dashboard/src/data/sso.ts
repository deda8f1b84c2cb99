import { queryOptions } from '@tanstack/react-query'
import { answered, api, ask, type Page } from '@/lib/api-client'
import type { OrganisationId } from '@/lib/ids'
import { useAct } from './act'
import { keys } from './keys'

/** A connection of an organisation to a SAML identity provider. */
export interface Saml {
  id: number
  name: string
  frontend_url: string
  idp_metadata_xml: string | null
  idp_metadata_url: string | null
  allow_idp_initiated: boolean
  /** Null while there is no metadata that could be read. */
  metadata_read_at: string | null
  metadata_problem: string | null
  idp_entity_id: string | null
  entity_id: string
  acs_url: string
  /** Ours, by which the provider knows us: the one in use, and perhaps the next. */
  certificates: readonly { sha256: string; expires_at: string }[]
}

export interface SamlDraft {
  name: string
  frontend_url: string
  allow_idp_initiated: boolean
  idp_metadata_xml?: string | null
  idp_metadata_url?: string | null
}

const CONFIGURATIONS = '/api/v1/auth/saml/configuration/'
const at = (name: string) => `${CONFIGURATIONS}${encodeURIComponent(name)}/`

export const samlOf = (organisation: OrganisationId) =>
  queryOptions({
    queryKey: keys.saml(organisation),
    queryFn: async ({ signal }) =>
      (await answered<Page<Saml>>(ask(`${CONFIGURATIONS}?organisation=${organisation}`, { signal }))).results,
  })

export function useSaveSaml(organisation: OrganisationId) {
  return useAct(
    ({ known, body }: { known: string | null; body: Partial<SamlDraft> }) =>
      answered<Saml>(
        known === null
          ? ask(CONFIGURATIONS, { method: 'POST', body: { ...body, organisation } })
          : ask(at(known), { method: 'PATCH', body }),
      ),
    { stale: [keys.saml(organisation), keys.signInMethods], quiet: true },
  )
}

export function useDeleteSaml(organisation: OrganisationId) {
  return useAct((name: string) => answered(ask(at(name), { method: 'DELETE' })), {
    stale: [keys.saml(organisation), keys.signInMethods],
  })
}

/** The three steps to another key of ours; each names what the server is asked. */
const KEY_STEPS = {
  make: ['POST', 'next-key/'],
  use: ['POST', 'next-key/use/'],
  drop: ['DELETE', 'next-key/'],
} as const

export function useChangeSamlKey(organisation: OrganisationId) {
  return useAct(
    ({ name, step }: { name: string; step: keyof typeof KEY_STEPS }) => {
      const [method, path] = KEY_STEPS[step]
      return answered(ask(`${at(name)}${path}`, { method }))
    },
    { stale: [keys.saml(organisation)] },
  )
}

/** Reads the metadata at its address now; what is wrong with it stands in the answer. */
export function useReadMetadata(organisation: OrganisationId) {
  return useAct((name: string) => answered<Saml>(ask(`${at(name)}read-metadata/`, { method: 'POST' })), {
    stale: [keys.saml(organisation)],
  })
}

/** What a provider can tell about a person. */
export type PersonField = 'email' | 'first_name' | 'last_name' | 'groups'

/** The provider tells it in an attribute with a name of its own. */
export interface SamlMapping {
  id: number
  saml_configuration: number
  django_attribute_name: PersonField
  idp_attribute_name: string
}

const MAPPINGS = '/api/v1/auth/saml/attribute-mapping/'
const mappingsKey = (organisation: OrganisationId, saml: number) =>
  [...keys.saml(organisation), saml, 'mappings'] as const

export const mappingsOf = (organisation: OrganisationId, saml: number) =>
  queryOptions({
    queryKey: mappingsKey(organisation, saml),
    queryFn: async ({ signal }) =>
      (await answered<Page<SamlMapping>>(ask(`${MAPPINGS}?saml_configuration=${saml}`, { signal }))).results,
  })

export function useAddMapping(organisation: OrganisationId, saml: number) {
  return useAct(
    (body: Pick<SamlMapping, 'django_attribute_name' | 'idp_attribute_name'>) =>
      answered<SamlMapping>(ask(MAPPINGS, { method: 'POST', body: { ...body, saml_configuration: saml } })),
    { stale: [mappingsKey(organisation, saml)], quiet: true },
  )
}

export function useDeleteMapping(organisation: OrganisationId, saml: number) {
  return useAct((id: number) => answered(ask(`${MAPPINGS}${id}/`, { method: 'DELETE' })), {
    stale: [mappingsKey(organisation, saml)],
  })
}

/** An OpenID provider of an organisation. */
export interface OidcProvider {
  id: number
  name: string
  slug: string
  issuer: string
  client_id: string
  has_client_secret: boolean
  scopes: string
  email_claim: string
  first_name_claim: string
  last_name_claim: string
  groups_claim: string
  require_verified_email: boolean
  /** Whether people it knows, and we do not, come into the organisation. */
  joins: boolean
  role: 'ADMIN' | 'USER'
  /** Told to the provider. */
  callback_url: string
  /** Opened by people. */
  start_url: string
}

export type OidcDraft = Omit<OidcProvider, 'id' | 'has_client_secret' | 'callback_url' | 'start_url'> & {
  /** Left out, it stays. */
  client_secret?: string
}

export const oidcOf = (organisation: OrganisationId) =>
  queryOptions({
    queryKey: keys.oidc(organisation),
    queryFn: async ({ signal }) =>
      (
        await answered<Page<OidcProvider>>(
          api.GET('/api/v1/organisations/{organisation_id}/oidc/', {
            params: { path: { organisation_id: organisation } },
            signal,
          }),
        )
      ).results,
  })

const providersAt = (organisation: OrganisationId) => `/api/v1/organisations/${organisation}/oidc/`

export function useSaveOidc(organisation: OrganisationId) {
  return useAct(
    ({ id, body }: { id: number | null; body: OidcDraft }) =>
      answered<OidcProvider>(
        id === null
          ? ask(providersAt(organisation), { method: 'POST', body })
          : ask(`${providersAt(organisation)}${id}/`, { method: 'PATCH', body }),
      ),
    { stale: [keys.oidc(organisation), keys.signInMethods], quiet: true },
  )
}

export function useDeleteOidc(organisation: OrganisationId) {
  return useAct((id: number) => answered(ask(`${providersAt(organisation)}${id}/`, { method: 'DELETE' })), {
    stale: [keys.oidc(organisation), keys.signInMethods],
  })
}
