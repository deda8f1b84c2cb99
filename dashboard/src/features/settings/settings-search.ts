import { z } from 'zod/mini'

/** What of the settings is in the address. */
export const settingsSearch = z.object({
  tab: z.optional(z.string()),
  member: z.optional(z.number()),
  role: z.optional(z.number()),
  hook: z.optional(z.number()),
  factor: z.optional(z.literal('needed')),
})
