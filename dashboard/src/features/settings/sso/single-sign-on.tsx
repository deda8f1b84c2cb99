import type { OrganisationId } from '@/lib/ids'
import { Page } from '@/ui/page'
import { ListSkeleton } from '@/ui/states'
import { Screen } from '@/widgets/screen'
import { OidcProviders } from './oidc-providers'
import { SamlConfigurations } from './saml-configurations'

interface SingleSignOnProps {
  organisation: OrganisationId
  name: string | undefined
}

/** By whose word the people of the organisation sign in. */
export function SingleSignOn({ organisation, name }: SingleSignOnProps) {
  return (
    <Page
      title="Single sign-on"
      of={name}
      about="People sign in with the account that they have at work. Somebody new comes in at their first sign-in."
    >
      <Screen what="the SAML configurations" waiting={<ListSkeleton rows={3} />}>
        <SamlConfigurations organisation={organisation} />
      </Screen>
      <Screen what="the OpenID providers" waiting={<ListSkeleton rows={3} />}>
        <OidcProviders organisation={organisation} />
      </Screen>
    </Page>
  )
}
