import { Button, Stack, TextInput } from '@mantine/core'
import { IconBuilding } from '@tabler/icons-react'
import { useState } from 'react'
import { useSamlAddress } from '@/data/sign-in'
import { ApiError, messageOf } from '@/lib/errors'
import { remember, remembered } from '@/lib/storage'
import { beginJourney, type Destination } from './journeys'

const REMEMBERED_AS = 'saml-name'

/** By the identity provider of an organisation. */
export function CompanySignIn({ next }: { next: string }) {
  const [isOpen, setOpen] = useState(false)
  if (isOpen) return <CompanyName to={{ next, purpose: 'sign-in' }} />
  return (
    <Button
      variant="default"
      leftSection={<IconBuilding size={17} aria-hidden />}
      onClick={() => setOpen(true)}
    >
      Single sign-on
    </Button>
  )
}

/** Which organisations there are is nobody's business, so people type the name of theirs. */
export function CompanyName({ to }: { to: Destination }) {
  const [name, setName] = useState(() => remembered(REMEMBERED_AS) ?? '')
  const { mutate, isPending, error } = useSamlAddress()
  const go = () =>
    mutate(name.trim(), {
      onSuccess: (address) => {
        remember(REMEMBERED_AS, name.trim())
        beginJourney('saml', to)
        location.assign(address)
      },
    })
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (name.trim()) go()
      }}
      noValidate
    >
      <Stack gap="xs">
        <TextInput
          label="Name of your organisation’s sign-in"
          description="As its administrator gave it to you, such as acme."
          autoFocus
          data-autofocus
          autoCapitalize="none"
          autoComplete="organization"
          spellCheck={false}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={error && wordsFor(error)}
        />
        <Button type="submit" variant="default" loading={isPending} disabled={!name.trim()}>
          Continue
        </Button>
      </Stack>
    </form>
  )
}

function wordsFor(error: Error): string {
  return error instanceof ApiError && error.status === 404 ? 'No sign-in has this name.' : messageOf(error)
}
