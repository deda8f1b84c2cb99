export type SettingsScope = 'organisation' | 'project' | 'environment' | 'account' | 'server'

export interface SettingsSection {
  scope: SettingsScope
  /** In the address: ?tab=… */
  tab: string
  label: string
  /** What people look for when they mean it. */
  words: string
  /** Only for who administers the place. */
  forAdmins?: boolean
}

/** Every settings page there is: the navigation, its search and the command palette read it. */
export const SECTIONS: readonly SettingsSection[] = [
  {
    scope: 'organisation',
    tab: 'general',
    label: 'General',
    words: 'name delete two-factor 2fa traits limits',
    forAdmins: true,
  },
  {
    scope: 'organisation',
    tab: 'members',
    label: 'Members',
    words: 'people users invite permissions rights who why',
  },
  { scope: 'organisation', tab: 'groups', label: 'Groups', words: 'teams people' },
  { scope: 'organisation', tab: 'roles', label: 'Roles', words: 'permissions rights access' },
  {
    scope: 'organisation',
    tab: 'sso',
    label: 'Single sign-on',
    words: 'sso saml oidc openid identity provider okta entra login company',
    forAdmins: true,
  },
  {
    scope: 'organisation',
    tab: 'provisioning',
    label: 'Provisioning',
    words: 'scim directory okta entra users groups sync token deprovision',
    forAdmins: true,
  },
  {
    scope: 'organisation',
    tab: 'api-keys',
    label: 'API keys',
    words: 'master tokens terraform machines',
    forAdmins: true,
  },
  {
    scope: 'organisation',
    tab: 'trust',
    label: 'Trust relationships',
    words: 'oidc github actions ci machines',
    forAdmins: true,
  },
  {
    scope: 'organisation',
    tab: 'webhooks',
    label: 'Webhooks',
    words: 'audit deliveries http',
    forAdmins: true,
  },
  { scope: 'organisation', tab: 'custom-fields', label: 'Custom fields', words: 'metadata required' },
  {
    scope: 'project',
    tab: 'general',
    label: 'General',
    words: 'name delete lower case regex stale owners limits',
    forAdmins: true,
  },
  { scope: 'project', tab: 'environments', label: 'Environments', words: 'create clone copy' },
  {
    scope: 'project',
    tab: 'permissions',
    label: 'Permissions',
    words: 'people groups rights access',
    forAdmins: true,
  },
  { scope: 'project', tab: 'tags', label: 'Tags', words: 'labels colours' },
  { scope: 'project', tab: 'custom-fields', label: 'Custom fields', words: 'metadata required' },
  { scope: 'project', tab: 'import-export', label: 'Import and export', words: 'file json download upload' },
  {
    scope: 'environment',
    tab: 'general',
    label: 'General',
    words: 'name colour banner delete clone sdk traits versioning',
    forAdmins: true,
  },
  {
    scope: 'environment',
    tab: 'keys',
    label: 'SDK keys',
    words: 'server-side client api key snippet',
    forAdmins: true,
  },
  {
    scope: 'environment',
    tab: 'permissions',
    label: 'Permissions',
    words: 'people groups rights access',
    forAdmins: true,
  },
  { scope: 'environment', tab: 'webhooks', label: 'Webhooks', words: 'deliveries http', forAdmins: true },
  { scope: 'account', tab: 'general', label: 'Profile', words: 'name e-mail me delete account' },
  {
    scope: 'account',
    tab: 'security',
    label: 'Security',
    words: 'password two-factor mfa 2fa totp qr backup codes passkeys sessions devices sign out linked',
  },
  {
    scope: 'server',
    tab: 'sign-in',
    label: 'Sign-in policy',
    words: 'sso login methods domains passwords off sign-up invite only sessions break glass superuser',
    forAdmins: true,
  },
  {
    scope: 'server',
    tab: 'log',
    label: 'Sign-ins and changes',
    words: 'audit log failures failed attempts lock accounts history superuser',
    forAdmins: true,
  },
]

/** Old names of tabs, as links in wikis have them. */
const FORMER: Readonly<Record<string, string>> = {
  keys: 'api-keys',
  'api-access': 'api-keys',
  'trust-relationships': 'trust',
  import: 'import-export',
  export: 'import-export',
  saml: 'sso',
  scim: 'provisioning',
  'single-sign-on': 'sso',
  'sdk-settings': 'general',
}

/** The section that an address means; the first that one may see when it names none. */
export function sectionOf(scope: SettingsScope, tab: string | undefined): SettingsSection {
  const ofScope = SECTIONS.filter((section) => section.scope === scope)
  const named = ofScope.find((section) => section.tab === tab)
  const found = named ?? ofScope.find((section) => section.tab === FORMER[tab ?? '']) ?? ofScope[0]
  if (!found) throw new Error(`Nothing can be set for ${scope}.`)
  return found
}

export function sectionsLike(text: string): readonly SettingsSection[] {
  const wanted = text.toLowerCase().split(/\s+/).filter(Boolean)
  return SECTIONS.filter(({ scope, label, words }) => {
    const all = `${scope} ${label} ${words}`.toLowerCase()
    return wanted.every((word) => all.includes(word))
  })
}
