import { z } from 'zod/mini'

type Brand<T, Name extends string> = T & { readonly brand: Name }

export type OrganisationId = Brand<number, 'OrganisationId'>
export type ProjectId = Brand<number, 'ProjectId'>
export type EnvironmentId = Brand<number, 'EnvironmentId'>
export type EnvironmentKey = Brand<string, 'EnvironmentKey'>
export type FeatureId = Brand<number, 'FeatureId'>
export type SegmentId = Brand<number, 'SegmentId'>
export type IdentityId = Brand<number, 'IdentityId'>
export type UserId = Brand<number, 'UserId'>
export type TagId = Brand<number, 'TagId'>

/** An id out of an address. */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the caller knows whose id it is
export function idFrom<Id extends number>(text: string): Id {
  // eslint-disable-next-line @typescript-eslint/consistent-type-assertions -- a brand is given here and nowhere else
  return z.coerce.number().check(z.int(), z.positive()).parse(text) as Id
}

export function environmentKeyFrom(text: string): EnvironmentKey {
  // eslint-disable-next-line @typescript-eslint/consistent-type-assertions -- a brand is given here and nowhere else
  return text as EnvironmentKey
}
