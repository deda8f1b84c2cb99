import { Alert, Button, PasswordInput, Stack } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState, type ReactNode } from 'react'
import { hasSecondFactor, useChangePassword } from '@/data/account-settings'
import { ownPasskeys } from '@/data/own-sign-ins'
import { showErrors } from '@/lib/form-errors'
import { notifyDone } from '@/ui/notify'
import { Page } from '@/ui/page'
import { ListSkeleton } from '@/ui/states'
import { Screen } from '@/widgets/screen'
import { Block } from '../block'
import { Problem } from '../problem'
import { Passkeys } from './passkeys'
import { SecondFactor } from './second-factor'
import { Sessions } from './sessions'
import { SourceLinks } from './source-links'

interface SecurityProps {
  /** An organisation that wants a second factor sent them here. */
  factorNeeded: boolean
  /** Links another source with the account. */
  linkAnother: ReactNode
}

/** How the account is opened, and where it is open. */
export function Security({ factorNeeded, linkAnother }: SecurityProps) {
  return (
    <Page title="Security" of="Your account" narrow>
      {factorNeeded && <FactorNeeded />}
      <Password />
      <Screen what="your second factor" waiting={<ListSkeleton rows={2} />}>
        <SecondFactor />
      </Screen>
      <Screen what="your passkeys" waiting={<ListSkeleton rows={2} />}>
        <Passkeys />
      </Screen>
      <Screen what="your sign-ins" waiting={<ListSkeleton rows={3} />}>
        <Sessions />
      </Screen>
      <Screen what="what is linked" waiting={null}>
        <SourceLinks another={linkAnother} />
      </Screen>
    </Page>
  )
}

function FactorNeeded() {
  const { data: hasApp } = useQuery(hasSecondFactor)
  const { data: passkeys } = useQuery(ownPasskeys)
  const queryClient = useQueryClient()
  const navigate = useNavigate()
  const hasOne = hasApp === true || (passkeys?.length ?? 0) > 0
  const goOn = () => {
    queryClient.removeQueries({ predicate: ({ state }) => state.status === 'error' })
    void queryClient.invalidateQueries()
    void navigate({ to: '/' })
  }
  return (
    <Alert
      variant="light"
      color={hasOne ? 'marine' : 'yellow'}
      role="status"
      mt="xs"
      title={hasOne ? 'You have a second factor' : 'Your organisation asks for a second factor'}
    >
      <Stack gap="xs" align="flex-start">
        {hasOne
          ? 'The organisation is open to you again. If it is not, sign out and in with the second factor.'
          : 'It shows you nothing until you have one. Set up two-factor sign-in or add a passkey below, then go on.'}
        {hasOne && <Button onClick={goOn}>Go on to your projects</Button>}
      </Stack>
    </Alert>
  )
}

function Password() {
  const change = useChangePassword()
  const [problem, setProblem] = useState<string | null>(null)
  const form = useForm({
    initialValues: { current_password: '', new_password: '', again: '' },
    validate: {
      current_password: (text) => (text ? null : 'Your password of now.'),
      again: (text, { new_password }) => (text === new_password ? null : 'The two differ.'),
    },
  })
  const submit = form.onSubmit(({ current_password, new_password }) =>
    change.mutate(
      { current_password, new_password },
      {
        onSuccess: () => {
          form.reset()
          setProblem(null)
          notifyDone({ message: 'Your password was changed; other devices are signed out' })
        },
        onError: (error) => setProblem(showErrors(form, error)),
      },
    ),
  )
  return (
    <Block title="Password">
      <form onSubmit={submit} noValidate>
        <Stack gap="sm" maw={360}>
          <PasswordInput
            label="Password of now"
            autoComplete="current-password"
            {...form.getInputProps('current_password')}
          />
          <PasswordInput
            label="New password"
            autoComplete="new-password"
            {...form.getInputProps('new_password')}
          />
          <PasswordInput
            label="New password again"
            autoComplete="new-password"
            {...form.getInputProps('again')}
          />
          <Problem text={problem} />
          <Button type="submit" mr="auto" loading={change.isPending}>
            Change the password
          </Button>
        </Stack>
      </form>
    </Block>
  )
}
