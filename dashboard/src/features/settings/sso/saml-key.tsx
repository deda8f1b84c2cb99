import { Button, Group, List, Text } from '@mantine/core'
import { useChangeSamlKey, type Saml } from '@/data/sso'
import type { OrganisationId } from '@/lib/ids'
import { confirm } from '@/ui/confirm'
import { notifyDone } from '@/ui/notify'
import { Moment } from '@/widgets/moment'
import { Block } from '../block'

interface SamlKeyProps {
  organisation: OrganisationId
  saml: Saml
}

/** Another key before the certificate ends, in steps between which everybody can sign in. */
export function SamlKey({ organisation, saml: { name, certificates } }: SamlKeyProps) {
  const { mutate, isPending } = useChangeSamlKey(organisation)
  const [current, next] = certificates
  if (!current) return null
  const take = (step: 'make' | 'use' | 'drop', message: string) =>
    mutate({ name, step }, { onSuccess: () => notifyDone({ message }) })
  const askToSwitch = () =>
    confirm({
      title: 'Switch to the next key?',
      children:
        `From now on requests are signed with the next key, and the old one is gone for good. If the identity ` +
        `provider does not know the next certificate yet, nobody signs in by ${name} until it does.`,
      action: 'Switch to the next key',
      destructive: true,
      onConfirm: () => take('use', `${name} signs with the new key now`),
    })
  if (!next)
    return (
      <Block
        title="Our key"
        about={
          <>
            We sign with it what we send to the identity provider. Its certificate ends{' '}
            <Moment at={current.expires_at} />; replace it before then.
          </>
        }
        actions={
          <Button
            size="xs"
            variant="default"
            loading={isPending}
            onClick={() => take('make', 'The next key is made; the one in use stays until you switch')}
          >
            Make the next key
          </Button>
        }
      >
        <Text size="xs" c="dimmed">
          Making one changes nothing yet: the identity provider learns it first, then you switch.
        </Text>
      </Block>
    )
  return (
    <Block title="Our key" about="A next key is made. The one in use goes on until you switch.">
      <List type="ordered" size="sm" spacing={4}>
        <List.Item>
          Have the identity provider read our metadata again; its address stands above. It must know both
          certificates: their fingerprints above tell which is which.
        </List.Item>
        <List.Item>Then switch. The old key is gone with that.</List.Item>
        <List.Item>Afterwards the old certificate can be removed at the identity provider.</List.Item>
      </List>
      <Group gap="xs" mt="sm">
        <Button size="xs" loading={isPending} onClick={askToSwitch}>
          Switch to the next key…
        </Button>
        <Button
          size="xs"
          variant="default"
          disabled={isPending}
          onClick={() => take('drop', 'The next key is dropped; nothing else changed')}
        >
          Drop the next key
        </Button>
      </Group>
    </Block>
  )
}
