/** In the place of a domain: every one without a rule of its own. */
export const EVERYBODY_ELSE = '*'

/** Whom a rule is for. */
export function whom(domain: string): string {
  return domain === EVERYBODY_ELSE ? 'everybody else' : domain
}

/** Some people by their addresses: "ada@acme.com, bob@acme.com and 3 more". */
export function named(emails: readonly string[], amount: number): string {
  const more = amount - emails.length
  return emails.join(', ') + (more > 0 ? ` and ${more} more` : '')
}
