import { ApiError, messageOf } from './errors'

interface Form {
  values: object
  setErrors: (errors: Record<string, string>) => void
}

/** Puts the server's messages on the fields that the form has; returns what belongs to none of them, for the form's head. */
export function showErrors(form: Form, error: unknown): string | null {
  if (!(error instanceof ApiError)) return messageOf(error)
  const known = Object.entries(error.fields).filter(([field]) => field in form.values)
  form.setErrors(Object.fromEntries(known))
  const others = Object.entries(error.fields).filter(([field]) => !(field in form.values))
  if (others.length > 0) return others.map(([field, text]) => `${field}: ${text}`).join(' ')
  return known.length > 0 ? null : error.message
}
