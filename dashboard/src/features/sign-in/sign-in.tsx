import { Anchor, Button, Group, PasswordInput, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useSignIn, type SecondStep as Step } from '@/data/account'
import { signInMethods, type Door } from '@/data/sign-in'
import { facts } from '@/lib/facts'
import { showErrors } from '@/lib/form-errors'
import { ListSkeleton } from '@/ui/states'
import { FrontForm, FrontPage } from './front-page'
import { OtherWays } from './other-ways'
import { SecondStep } from './second-step'

interface SignInProps {
  /** Where to go when one is in. */
  next: string
  onSignedIn: () => void
}

/** The ways in that are set up here, then the second step of accounts that have one. */
export function SignIn({ next, onSignedIn }: SignInProps) {
  const [step, setStep] = useState<Step | null>(null)
  const { data, isPending } = useQuery(signInMethods)
  if (step) return <SecondStep step={step} onSignedIn={onSignedIn} onBack={() => setStep(null)} />
  const doors = data ?? ASSUMED
  const hasFields = doors.some(({ method }) => method === 'password' || method === 'ldap')
  return (
    <FrontPage title="Sign in">
      {isPending ? (
        <ListSkeleton rows={4} />
      ) : (
        <>
          {hasFields && (
            <PasswordStep
              takesNames={doors.some(({ method }) => method === 'ldap')}
              onDone={(following) => (following ? setStep(following) : onSignedIn())}
            />
          )}
          <OtherWays doors={doors} afterPassword={hasFields} next={next} onSignedIn={onSignedIn} />
          {doors.length === 0 && (
            <Text size="sm">No way to sign in is set up. Ask whoever runs this server.</Text>
          )}
        </>
      )}
    </FrontPage>
  )
}

/** While the server says nothing about it. */
const ASSUMED: readonly Door[] = facts.preventEmailPassword
  ? []
  : [{ method: 'password', key: 'password', name: 'Password', start_url: null, client_id: null }]

interface PasswordStepProps {
  /** A directory knows people by names, too. */
  takesNames: boolean
  onDone: (next: Step | null) => void
}

function PasswordStep({ takesNames, onDone }: PasswordStepProps) {
  const form = useForm({ initialValues: { email: '', password: '' } })
  const [problem, setProblem] = useState<string | null>(null)
  const signIn = useSignIn()
  const submit = form.onSubmit((given) => {
    setProblem(null)
    signIn.mutate(given, { onSuccess: onDone, onError: (error) => setProblem(showErrors(form, error)) })
  })
  return (
    <FrontForm problem={problem} onSubmit={submit}>
      <TextInput
        label={takesNames ? 'E-mail or user name' : 'E-mail'}
        type={takesNames ? 'text' : 'email'}
        autoComplete="username"
        autoCapitalize="none"
        autoFocus
        {...form.getInputProps('email')}
      />
      <PasswordInput label="Password" autoComplete="current-password" {...form.getInputProps('password')} />
      <Button type="submit" loading={signIn.isPending} fullWidth mt={4}>
        Sign in
      </Button>
      <Group justify="space-between">
        <Anchor component={Link} to="/password-recovery" size="sm">
          Forgot the password?
        </Anchor>
        {!facts.preventSignup && (
          <Anchor component={Link} to="/signup" size="sm">
            Sign up
          </Anchor>
        )}
      </Group>
    </FrontForm>
  )
}
