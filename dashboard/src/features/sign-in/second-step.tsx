import { Anchor, Button, Group, PinInput, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useState } from 'react'
import { useSecondStep, type SecondStep as Step } from '@/data/account'
import { showErrors } from '@/lib/form-errors'
import { canUsePasskeys } from '@/lib/passkeys'
import { FrontForm, FrontPage } from './front-page'
import { PasskeyButton } from './passkey-button'

interface SecondStepProps {
  step: Step
  onSignedIn: () => void
  onBack: () => void
}

/** After who somebody is: a code of their app, or a passkey, whichever the account has. */
export function SecondStep({ step, onSignedIn, onBack }: SecondStepProps) {
  const [byPasskey, setByPasskey] = useState(step.method === 'passkey')
  if (!byPasskey)
    return (
      <CodeStep step={step} onSignedIn={onSignedIn} onPasskey={() => setByPasskey(true)} onBack={onBack} />
    )
  return (
    <FrontPage title="Use your passkey" about="Your account asks for a passkey as a second step.">
      <PasskeyButton step={step} onSignedIn={onSignedIn} />
      <Group justify="space-between" mt="sm">
        {step.method !== 'passkey' && (
          <Anchor component="button" type="button" size="sm" onClick={() => setByPasskey(false)}>
            Use a code instead
          </Anchor>
        )}
        <Back onBack={onBack} />
      </Group>
    </FrontPage>
  )
}

interface CodeStepProps extends SecondStepProps {
  onPasskey: () => void
}

function CodeStep({ step, onSignedIn, onPasskey, onBack }: CodeStepProps) {
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
        <Group justify="space-between" gap="xs">
          <Anchor component="button" type="button" size="sm" onClick={() => setBackup(!useBackup)}>
            {useBackup ? 'Use the authenticator app' : 'Use a recovery code'}
          </Anchor>
          {canUsePasskeys() && (
            <Anchor component="button" type="button" size="sm" onClick={onPasskey}>
              Use a passkey
            </Anchor>
          )}
          <Back onBack={onBack} />
        </Group>
      </FrontForm>
    </FrontPage>
  )
}

function Back({ onBack }: { onBack: () => void }) {
  return (
    <Anchor component="button" type="button" size="sm" onClick={onBack}>
      Start again
    </Anchor>
  )
}
