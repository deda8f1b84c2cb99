/** The domain of an address that is typed to its end, as far as one can tell; null for a name, or half of one. */
export function domainIn(typed: string): string | null {
  const [, domain] = /^[^\s@]+@([^\s@.]+(?:\.[^\s@.]+)+)$/.exec(typed.trim()) ?? []
  return domain?.toLowerCase() ?? null
}
