import type { Sources } from '@/data/grants'

export interface Reason {
  /** "in person", "group Shop team", "role Release manager". */
  text: string
  /** The tags that a role's right is limited to. */
  tags: readonly number[]
}

/** Where a right comes from, in words. */
export function reasonsFor({ is_directly_granted, derived_from: { groups, roles } }: Sources): Reason[] {
  return [
    ...(is_directly_granted ? [{ text: 'in person', tags: [] }] : []),
    ...groups.map(({ name }) => ({ text: `group ${name}`, tags: [] })),
    ...roles.map(({ name, tags }) => ({ text: `role ${name}`, tags })),
  ]
}
