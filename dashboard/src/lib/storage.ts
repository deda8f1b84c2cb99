/** What this browser remembers; a browser that refuses to is none the worse for it. */
export function remembered(name: string): string | null {
  try {
    return localStorage.getItem(`burgee:${name}`)
  } catch {
    return null
  }
}

/** What this tab was told to keep until it is asked for, once. */
export function takenFromTab(name: string): string | null {
  try {
    const text = sessionStorage.getItem(`burgee:${name}`)
    sessionStorage.removeItem(`burgee:${name}`)
    return text
  } catch {
    return null
  }
}

export function keepInTab(name: string, text: string): void {
  try {
    sessionStorage.setItem(`burgee:${name}`, text)
  } catch {
    // Private windows may refuse.
  }
}

export function remember(name: string, text: string): void {
  try {
    localStorage.setItem(`burgee:${name}`, text)
  } catch {
    // Private windows may refuse.
  }
}
