/** Pages that one leaves as soon as one is in. */
const SIGNING_IN = /^\/(login|saml|oauth\/(github|google))(?![\w-])/

/** Where to go after signing in: only ever a place in the dashboard. */
export function localPath(target: string | undefined): string {
  return target && /^\/(?![/\\])/.test(target) && !SIGNING_IN.test(target) ? target : '/'
}
