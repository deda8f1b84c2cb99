import { Alert, Button, Stack } from '@mantine/core'
import { IconKey } from '@tabler/icons-react'
import type { SecondStep } from '@/data/account'
import { usePasskeySignIn } from '@/data/sign-in'
import { messageOf } from '@/lib/errors'

interface PasskeyButtonProps {
  /** What it follows on; null when the passkey is all that is asked for. */
  step: SecondStep | null
  onSignedIn: () => void
}

export function PasskeyButton({ step, onSignedIn }: PasskeyButtonProps) {
  const { mutate, isPending, error } = usePasskeySignIn()
  return (
    <Stack gap="sm">
      {error && (
        <Alert color="red" variant="light" role="alert">
          {messageOf(error)}
        </Alert>
      )}
      <Button
        {...(step ? {} : { variant: 'default' })}
        leftSection={<IconKey size={17} aria-hidden />}
        loading={isPending}
        onClick={() => mutate(step, { onSuccess: onSignedIn })}
      >
        {step ? 'Use the passkey' : 'Sign in with a passkey'}
      </Button>
    </Stack>
  )
}
