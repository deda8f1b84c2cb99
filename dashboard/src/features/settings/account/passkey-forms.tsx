import { Button, Modal, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useAddPasskey, useRenamePasskey, type Passkey } from '@/data/own-sign-ins'
import { messageOf } from '@/lib/errors'
import { notifyDone } from '@/ui/notify'
import { useProof } from '@/widgets/proof'
import { Problem } from '../problem'
import { deviceOf } from './device'

const LONGEST_NAME = 100

export function AddPasskey({ onClose }: { onClose: () => void }) {
  const [name, setName] = useState(() => deviceOf(navigator.userAgent))
  const [problem, setProblem] = useState<string | null>(null)
  const { mutateAsync, isPending } = useAddPasskey()
  const { attempt, dialog } = useProof(setProblem)
  const submit = () => {
    setProblem(null)
    void attempt(async (proof) => {
      const made = await mutateAsync({ name: name.trim(), proof })
      notifyDone({ message: `${made.name} opens your account now` })
      onClose()
    })
  }
  return (
    <Modal opened centered onClose={onClose} title="Add a passkey">
      {dialog}
      <form
        onSubmit={(event) => {
          event.preventDefault()
          submit()
        }}
      >
        <Stack gap="sm">
          <TextInput
            data-autofocus
            label="Name"
            description="By which you know it among your others."
            maxLength={LONGEST_NAME}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Text size="sm" c="dimmed">
            Your browser asks next where to keep it.
          </Text>
          <Problem text={problem} />
          <Button type="submit" ml="auto" disabled={!name.trim()} loading={isPending}>
            Make the passkey
          </Button>
        </Stack>
      </form>
    </Modal>
  )
}

export function RenamePasskey({ passkey, onClose }: { passkey: Passkey; onClose: () => void }) {
  const [name, setName] = useState(passkey.name)
  const { mutate, isPending, error } = useRenamePasskey()
  return (
    <Modal opened centered onClose={onClose} title={`Rename ${passkey.name}`}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          mutate({ id: passkey.id, name: name.trim() }, { onSuccess: onClose })
        }}
      >
        <Stack gap="sm">
          <TextInput
            data-autofocus
            label="Name"
            maxLength={LONGEST_NAME}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Problem text={error && messageOf(error)} />
          <Button type="submit" ml="auto" disabled={!name.trim()} loading={isPending}>
            Rename it
          </Button>
        </Stack>
      </form>
    </Modal>
  )
}
