import { Button, Divider, Stack } from '@mantine/core'
import { IconBrandGithub, IconBrandGoogle, IconLogin2, type Icon } from '@tabler/icons-react'
import type { Door } from '@/data/sign-in'
import { canUsePasskeys } from '@/lib/passkeys'
import { addressOf } from './addresses'
import { CompanySignIn } from './company-sign-in'
import { PasskeyButton } from './passkey-button'

const PICTURES: Readonly<Record<string, Icon>> = { github: IconBrandGithub, google: IconBrandGoogle }

interface OtherWaysProps {
  doors: readonly Door[]
  /** Whether there are fields for a password above. */
  afterPassword: boolean
  /** Where to go when one is in. */
  next: string
  onSignedIn: () => void
}

/** Every way but the password that is set up on this server; nothing is advertised that is not. */
export function OtherWays({ doors, afterPassword, next, onSignedIn }: OtherWaysProps) {
  const others = doors.filter(
    ({ method }) => method !== 'password' && method !== 'ldap' && (method !== 'passkey' || canUsePasskeys()),
  )
  if (others.length === 0) return null
  return (
    <Stack gap="xs" mt={afterPassword ? 'md' : 0}>
      {afterPassword && <Divider label="or" />}
      {others.map((door) => {
        if (door.method === 'passkey')
          return <PasskeyButton key={door.key} step={null} onSignedIn={onSignedIn} />
        if (door.method === 'saml') return <CompanySignIn key={door.key} next={next} />
        return <Away key={door.key} door={door} next={next} />
      })}
    </Stack>
  )
}

function Away({ door, next }: { door: Door; next: string }) {
  const Picture = PICTURES[door.method] ?? IconLogin2
  return (
    <Button
      variant="default"
      leftSection={<Picture size={17} aria-hidden />}
      onClick={() => {
        const address = addressOf(door, { next, purpose: 'sign-in' })
        if (address) location.assign(address)
      }}
    >
      Continue with {door.name}
    </Button>
  )
}
