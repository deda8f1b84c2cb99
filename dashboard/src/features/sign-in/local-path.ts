/** Where to go after signing in: only ever a place in the dashboard. */
export function localPath(target: string | undefined): string {
  return target && /^\/(?![/\\])/.test(target) && !target.startsWith('/login') ? target : '/'
}
