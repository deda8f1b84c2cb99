import { Anchor, Button, Group, PasswordInput, PinInput, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useSecondStep, useSignIn, type SecondStep } from '@/data/account'
import { facts } from '@/lib/facts'
import { showErrors } from '@/lib/form-errors'
import { FrontForm, FrontPage } from './front-page'
import { OtherWays } from './other-ways'

/** Address and password, then the code of accounts that have a second step. */
export function SignIn({ onSignedIn }: { onSignedIn: () => void }) {
  const [step, setStep] = useState<SecondStep | null>(null)
  if (step) return <CodeStep step={step} onSignedIn={onSignedIn} />
  return (
    <FrontPage title="Sign in">
      {!facts.preventEmailPassword && (
        <PasswordStep onDone={(next) => (next ? setStep(next) : onSignedIn())} />
      )}
      <OtherWays />
    </FrontPage>
  )
}

function PasswordStep({ onDone }: { onDone: (next: SecondStep | null) => void }) {
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
        label="E-mail"
        type="email"
        autoComplete="username"
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

function CodeStep({ step, onSignedIn }: { step: SecondStep; onSignedIn: () => void }) {
  const [problem, setProblem] = useState<string | null>(null)
  const [useBackup, setBackup] = useState(false)
  const form = useForm({ initialValues: { code: '' } })
  const second = useSecondStep()
  const submit = form.onSubmit(({ code }) => {
    setProblem(null)
    second.mutate(
      { ephemeral_token: step.ephemeral_token, code: code.trim() },
      { onSuccess: onSignedIn, onError: (error) => setProblem(showErrors(form, error)) },
    )
  })
  return (
    <FrontPage
      title="Enter your code"
      about={
        useBackup ? 'One of the recovery codes that you kept.' : 'The six digits of your authenticator app.'
      }
    >
      <FrontForm problem={problem} onSubmit={submit}>
        {useBackup ? (
          <TextInput label="Recovery code" autoFocus autoComplete="off" {...form.getInputProps('code')} />
        ) : (
          <PinInput
            length={6}
            type="number"
            oneTimeCode
            autoFocus
            ariaLabel="Digit of the code"
            {...form.getInputProps('code')}
          />
        )}
        <Button type="submit" loading={second.isPending}>
          Sign in
        </Button>
        <Text size="sm">
          <Anchor component="button" type="button" size="sm" onClick={() => setBackup(!useBackup)}>
            {useBackup ? 'Use the authenticator app' : 'Use a recovery code'}
          </Anchor>
        </Text>
      </FrontForm>
    </FrontPage>
  )
}
