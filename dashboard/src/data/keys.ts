import type { EnvironmentKey, FeatureId, OrganisationId, ProjectId } from '@/lib/ids'

/** The one tree of query keys: what hangs below a key becomes stale with it. */
export const keys = {
  server: ['server'] as const,
  ownFlags: (email: string | null) => ['own-flags', email] as const,
  me: ['me'] as const,
  organisations: ['organisations'] as const,
  organisation: (id: OrganisationId) => ['organisation', id] as const,
  members: (id: OrganisationId) => [...keys.organisation(id), 'members'] as const,
  invites: (id: OrganisationId) => [...keys.organisation(id), 'invites'] as const,
  groups: (id: OrganisationId) => [...keys.organisation(id), 'groups'] as const,
  roles: (id: OrganisationId) => [...keys.organisation(id), 'roles'] as const,
  apiKeys: (id: OrganisationId) => [...keys.organisation(id), 'api-keys'] as const,
  trusts: (id: OrganisationId) => [...keys.organisation(id), 'trusts'] as const,
  customFields: (id: OrganisationId) => [...keys.organisation(id), 'custom-fields'] as const,
  catalogue: ['permission-catalogue'] as const,
  secondFactor: ['second-factor'] as const,
  consent: ['consent'] as const,
  projects: (id: OrganisationId) => [...keys.organisation(id), 'projects'] as const,
  project: (id: ProjectId) => ['project', id] as const,
  environments: (id: ProjectId) => [...keys.project(id), 'environments'] as const,
  transfers: (id: ProjectId) => [...keys.project(id), 'transfers'] as const,
  tags: (id: ProjectId) => [...keys.project(id), 'tags'] as const,
  segments: (id: ProjectId) => [...keys.project(id), 'segments'] as const,
  features: (id: ProjectId) => [...keys.project(id), 'features'] as const,
  feature: (id: ProjectId, feature: FeatureId) => [...keys.project(id), 'feature', feature] as const,
  audit: (id: ProjectId) => [...keys.project(id), 'audit'] as const,
  environment: (id: ProjectId, key: EnvironmentKey) => [...keys.project(id), 'environment', key] as const,
  flag: (id: ProjectId, key: EnvironmentKey, feature: FeatureId) =>
    [...keys.environment(id, key), 'flag', feature] as const,
  identities: (id: ProjectId, key: EnvironmentKey) => [...keys.environment(id, key), 'identities'] as const,
}
