import { Button, Menu, Modal } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { me } from '@/data/account'
import { sourceLinks } from '@/data/own-sign-ins'
import { signInMethods, type Door } from '@/data/sign-in'
import { addressOf } from './addresses'
import { CompanyName } from './company-sign-in'
import { domainIn } from './domains'
import type { Destination } from './journeys'

const BACK: Destination = { next: '/account?tab=security', purpose: 'link' }

/** What else may vouch for whoever is signed in; unseen where nothing else is set up. */
export function LinkAnother() {
  const { data: person } = useQuery(me)
  const domain = domainIn(person?.email ?? '')
  const { data: doors } = useQuery({ ...signInMethods(domain), enabled: Boolean(person) })
  const { data: links } = useQuery(sourceLinks)
  const [asksName, setAsksName] = useState(false)
  const known = new Set(links?.map(({ key }) => key))
  const left = (doors ?? []).filter(
    ({ method, key, start_url }) => method === 'saml' || (start_url !== null && !known.has(key)),
  )
  if (left.length === 0) return null
  const leave = (door: Door) => {
    if (door.method === 'saml') return setAsksName(true)
    const address = addressOf(door, BACK)
    if (address) location.assign(address)
  }
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button size="xs" variant="default" leftSection={<IconPlus size={15} aria-hidden />}>
            Link another
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {left.map((door) => (
            <Menu.Item key={door.key} onClick={() => leave(door)}>
              {door.name}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      <Modal
        opened={asksName}
        centered
        onClose={() => setAsksName(false)}
        title="Link single sign-on with your account"
      >
        <CompanyName to={BACK} />
      </Modal>
    </>
  )
}
