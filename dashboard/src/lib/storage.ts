/** What this browser remembers; a browser that refuses to is none the worse for it. */
export function remembered(name: string): string | null {
  try {
    return localStorage.getItem(`burgee:${name}`)
  } catch {
    return null
  }
}

export function remember(name: string, text: string): void {
  try {
    localStorage.setItem(`burgee:${name}`, text)
  } catch {
    // Private windows may refuse.
  }
}
