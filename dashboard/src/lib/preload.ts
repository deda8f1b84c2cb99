/** Fetches a part of the program before it is needed. Should that fail, it is fetched again when it is needed. */
export function preload(load: () => Promise<unknown>): void {
  load().catch(() => undefined)
}
