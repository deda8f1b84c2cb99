import { useComputedColorScheme } from '@mantine/core'
import type { Environment } from '@/data/places'
import { HUES, type Hue } from '@/ui/hues'

const NAMED: readonly (readonly [RegExp, Hue])[] = [
  [/prod|live/i, 'plum'],
  [/stag|pre|uat|accept/i, 'amber'],
  [/dev|local/i, 'teal'],
  [/test|qa|ci/i, 'moss'],
]
const OTHERS: readonly Hue[] = ['blue', 'copper', 'rose', 'slate']

/** The colour that an environment owns everywhere: the one it was given, else one by its name, else by its id. */
export function environmentColour(environment: Pick<Environment, 'id' | 'name' | 'banner_colour'>): string {
  if (environment.banner_colour) return environment.banner_colour
  const named = NAMED.find(([pattern]) => pattern.test(environment.name))
  return HUES[named?.[1] ?? OTHERS[environment.id % OTHERS.length] ?? 'slate']
}

/** Whether people should think before they change something here. */
export function isProtected(
  environment: Pick<Environment, 'is_protected' | 'minimum_change_request_approvals'>,
): boolean {
  return environment.is_protected || needsApproval(environment)
}

/** Whether the server refuses to change flags here without the approval of others. */
export function needsApproval(environment: Pick<Environment, 'minimum_change_request_approvals'>): boolean {
  return environment.minimum_change_request_approvals !== null
}

/** The colours of charts and lines on the theme of now. */
export function useIsDark(): boolean {
  return useComputedColorScheme('light') === 'dark'
}
