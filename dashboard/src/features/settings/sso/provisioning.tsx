import { Button } from '@mantine/core'
import { useSuspenseQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { scimOf, useRotateScimToken, useSwitchScimOff, useSwitchScimOn, type Scim } from '@/data/scim'
import { dayAgo } from '@/lib/format'
import type { OrganisationId } from '@/lib/ids'
import { confirm } from '@/ui/confirm'
import { notifyDone } from '@/ui/notify'
import { Page } from '@/ui/page'
import { EmptyState, ListSkeleton } from '@/ui/states'
import { Moment } from '@/widgets/moment'
import { Screen } from '@/widgets/screen'
import { Block, Danger } from '../block'
import { SecretOnce } from '../secret-once'
import { CopiedFacts } from './copied-facts'
import { ProvisionedPeople } from './provisioned-people'

interface ProvisioningProps {
  organisation: OrganisationId
  name: string | undefined
}

/** The directory of a company says by SCIM who belongs to the organisation, and to which groups. */
export function Provisioning({ organisation, name }: ProvisioningProps) {
  const [token, setToken] = useState<string | null>(null)
  return (
    <Page
      title="Provisioning"
      of={name}
      about="By SCIM 2.0, Okta, Microsoft Entra ID and others add people, take them out, and fill groups."
    >
      <Screen what="the state of provisioning" waiting={<ListSkeleton rows={3} />}>
        <State organisation={organisation} onToken={setToken} />
      </Screen>
      <SecretOnce title="The token for your directory" secret={token} onClose={() => setToken(null)} />
    </Page>
  )
}

interface StateProps {
  organisation: OrganisationId
  onToken: (token: string) => void
}

function State({ organisation, onToken }: StateProps) {
  const { data: scim } = useSuspenseQuery(scimOf(organisation))
  const switchOn = useSwitchScimOn(organisation)
  if (scim === null)
    return (
      <EmptyState
        title="SCIM is off"
        action={
          <Button
            loading={switchOn.isPending}
            onClick={() => switchOn.mutate(undefined, { onSuccess: ({ token }) => onToken(token) })}
          >
            Switch SCIM on
          </Button>
        }
      >
        Switch it on to get the address and the token that your directory asks for.
      </EmptyState>
    )
  return (
    <>
      <Connection organisation={organisation} scim={scim} onToken={onToken} />
      <ProvisionedPeople organisation={organisation} />
      <Off organisation={organisation} />
    </>
  )
}

function Connection({ organisation, scim, onToken }: StateProps & { scim: Scim }) {
  const rotate = useRotateScimToken(organisation)
  const ask = () =>
    confirm({
      title: 'Make a new token?',
      children:
        'The token in use ends at once: until your directory has the new one, it changes nothing here.',
      action: 'Make a new token',
      destructive: true,
      onConfirm: () => rotate.mutate(undefined, { onSuccess: ({ token }) => onToken(token) }),
    })
  return (
    <Block
      title="Connection"
      about={
        <>
          Token made <Moment at={scim.token_rotated_at} />
          {scim.last_used_on ? `, last used ${dayAgo(scim.last_used_on)}.` : ', not used yet.'}
        </>
      }
      actions={
        <Button variant="default" loading={rotate.isPending} onClick={ask}>
          New token…
        </Button>
      }
    >
      <CopiedFacts facts={[['Address of SCIM', scim.base_url]]} />
    </Block>
  )
}

function Off({ organisation }: { organisation: OrganisationId }) {
  const switchOff = useSwitchScimOff(organisation)
  const ask = () =>
    confirm({
      title: 'Switch SCIM off?',
      children: 'The token ends at once. People and groups stay as they are, and are managed here again.',
      action: 'Switch it off',
      destructive: true,
      onConfirm: () =>
        switchOff.mutate(undefined, { onSuccess: () => notifyDone({ message: 'SCIM is off' }) }),
    })
  return (
    <Danger
      title="Switch SCIM off"
      about="Your directory reaches this organisation no more."
      action="Switch off…"
      onAct={ask}
      loading={switchOff.isPending}
    />
  )
}
