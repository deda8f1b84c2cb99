import { Anchor, Button, Text } from '@mantine/core'
import { useForm } from '@mantine/form'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useSignUp } from '@/data/account'
import { facts } from '@/lib/facts'
import { showErrors } from '@/lib/form-errors'
import { AccountFields, accountRules, NOBODY } from './account-fields'
import { FrontForm, FrontPage } from './front-page'

interface SignUpProps {
  invite: { secret: string; byLink: boolean } | null
  onSignedIn: () => void
}

export function SignUp({ invite, onSignedIn }: SignUpProps) {
  const form = useForm({ initialValues: NOBODY, validate: accountRules })
  const [problem, setProblem] = useState<string | null>(null)
  const signUp = useSignUp()
  const isClosed = !invite && (facts.preventSignup || facts.inviteNeeded)
  const submit = form.onSubmit((given) => {
    setProblem(null)
    const invitation = invite
      ? {
          invite_hash: invite.secret,
          sign_up_type: invite.byLink ? ('INVITE_LINK' as const) : ('INVITE_EMAIL' as const),
        }
      : {}
    signUp.mutate(
      { ...given, ...invitation },
      { onSuccess: onSignedIn, onError: (error) => setProblem(showErrors(form, error)) },
    )
  })
  if (isClosed) {
    return (
      <FrontPage
        title="Sign-up is by invitation"
        about="Ask an administrator of your organisation for an invitation."
      >
        <Anchor component={Link} to="/login" size="sm">
          Sign in instead
        </Anchor>
      </FrontPage>
    )
  }
  return (
    <FrontPage
      title={invite ? 'Accept the invitation' : 'Sign up'}
      about={invite ? 'Make your account; then you join.' : undefined}
    >
      <FrontForm problem={problem} onSubmit={submit}>
        <AccountFields form={form} />
        <Button type="submit" loading={signUp.isPending} mt={4}>
          Create the account
        </Button>
        <Text size="sm">
          Do you have an account?{' '}
          <Anchor component={Link} to="/login" search={true} size="sm" underline="always">
            Sign in
          </Anchor>
        </Text>
      </FrontForm>
    </FrontPage>
  )
}
