interface Certificate {
  sha256: string
  expires_at: string
}

/** When the one in use ends; it comes first. */
export function lastDay(certificates: readonly Certificate[]): string | null {
  return certificates[0]?.expires_at ?? null
}

/** A fingerprint as identity providers show it: AB:CD:… */
export function fingerprint(sha256: string): string {
  return (sha256.toUpperCase().match(/../g) ?? []).join(':')
}
