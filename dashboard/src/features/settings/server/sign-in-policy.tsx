import { Page } from '@/ui/page'
import { ListSkeleton } from '@/ui/states'
import { Screen } from '@/widgets/screen'
import { OperatorsSettings } from './operators-settings'
import { SignInRules } from './sign-in-rules'

/** How everybody on this server may sign in: for its superusers. */
export function SignInPolicy() {
  return (
    <Page
      title="Sign-in policy"
      of="This server"
      about="For all organisations of this server. Changes are told under Sign-ins and changes, and in the audit log of those that they concern."
    >
      <Screen what="the rules" waiting={<ListSkeleton rows={3} />}>
        <SignInRules />
      </Screen>
      <Screen what="the settings of the server" waiting={<ListSkeleton rows={6} />}>
        <OperatorsSettings />
      </Screen>
    </Page>
  )
}
