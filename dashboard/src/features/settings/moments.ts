/** The moment that a field without a time zone means here, as the API writes it. */
export function momentFrom(field: string | null): string | null {
  return field ? new Date(field.replace(' ', 'T')).toISOString() : null
}
