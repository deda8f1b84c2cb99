/** The ways of signing in as people call them. */
export const METHOD_NAMES: Readonly<Record<string, string>> = {
  password: 'Password',
  github: 'GitHub',
  google: 'Google',
  saml: 'SAML',
  oidc: 'OpenID Connect',
  ldap: 'Directory',
  passkey: 'Passkey',
}

export function methodName(method: string | null): string {
  return (method && METHOD_NAMES[method]) || 'Unknown'
}
