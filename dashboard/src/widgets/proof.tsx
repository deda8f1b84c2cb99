import { Button, Modal, PasswordInput, SegmentedControl, Stack, Text, TextInput } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import type { Proof } from '@/data/account-settings'
import { codeOf, messageOf } from '@/lib/errors'
import { notifyFailed } from '@/ui/notify'

type Act = (proof: Proof) => Promise<unknown>

/**
 * Acts that change the locks of an account: tried as they are, and once more with a password or a code when the server
 * wants to know that it is still the same person. Show `dialog` somewhere.
 */
export function useProof(
  tell: (problem: string) => void = notifyFailed,
  onGivenUp?: () => void,
): {
  attempt: (act: Act) => Promise<void>
  dialog: ReactNode
} {
  const [asked, setAsked] = useState<{ act: Act } | null>(null)
  const attempt = async (act: Act) => {
    try {
      await act({})
    } catch (error) {
      if (codeOf(error) === 'proof_needed') setAsked({ act })
      else tell(messageOf(error))
    }
  }
  const dialog = asked && (
    <ProofDialog
      act={asked.act}
      onClose={(isDone) => {
        setAsked(null)
        if (!isDone) onGivenUp?.()
      }}
    />
  )
  return { attempt, dialog }
}

function ProofDialog({ act, onClose }: { act: Act; onClose: (isDone: boolean) => void }) {
  const [kind, setKind] = useState<'current_password' | 'code'>('current_password')
  const [text, setText] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  const [isBusy, setBusy] = useState(false)
  const submit = async () => {
    setBusy(true)
    setProblem(null)
    try {
      await act(kind === 'code' ? { code: text.replace(/\s/g, '') } : { current_password: text })
      onClose(true)
    } catch (error) {
      setProblem(codeOf(error) === 'proof_needed' ? 'That is not right. Try again.' : messageOf(error))
    }
    setBusy(false)
  }
  return (
    <Modal opened centered onClose={() => onClose(false)} title="Is it still you?">
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void submit()
        }}
      >
        <Stack gap="sm">
          <Text size="sm">You signed in a while ago, and this changes how your account is opened.</Text>
          <SegmentedControl
            size="xs"
            aria-label="What you prove it with"
            data={[
              { value: 'current_password', label: 'Password' },
              { value: 'code', label: 'Code of the app' },
            ]}
            value={kind}
            onChange={(next) => {
              setKind(next === 'code' ? 'code' : 'current_password')
              setText('')
            }}
          />
          {kind === 'code' ? (
            <TextInput
              label="Code, or a backup code"
              autoComplete="one-time-code"
              value={text}
              onChange={(event) => setText(event.currentTarget.value)}
            />
          ) : (
            <PasswordInput
              data-autofocus
              label="Your password"
              autoComplete="current-password"
              value={text}
              onChange={(event) => setText(event.currentTarget.value)}
            />
          )}
          {problem && (
            <Text size="sm" c="var(--negative)" role="alert">
              {problem}
            </Text>
          )}
          <Button type="submit" ml="auto" disabled={!text} loading={isBusy}>
            Go on
          </Button>
        </Stack>
      </form>
    </Modal>
  )
}
