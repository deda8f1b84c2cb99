import { z } from 'zod/mini'

const namesShape = z.array(z.string()).check(z.minLength(1))

/** The environments of a new project, out of the dashboard's own flag. */
export function environmentNames(value: unknown): readonly string[] {
  try {
    return namesShape.parse(JSON.parse(String(value)))
  } catch {
    return ['Development', 'Production']
  }
}
