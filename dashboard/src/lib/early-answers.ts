declare global {
  interface Window {
    /** By the address that was asked; see `early.ts`. */
    earlyAnswers?: Map<string, Promise<Response>>
  }
}

/** What was asked for so long ago may have changed. */
const FRESH = 10_000

/** The answer that is on its way since before the program came: to whoever asks first, and not for long. */
export function earlyAnswer(url: string): Promise<Response> | undefined {
  const answer = window.earlyAnswers?.get(url)
  window.earlyAnswers?.delete(url)
  return performance.now() < FRESH ? answer : undefined
}
