import { Autocomplete, Text } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { suggestedIdentities } from '@/data/identities'
import type { Environment } from '@/data/places'
import { useCreateIdentity, type FoundIdentity } from '@/data/targeting'
import { useCan } from '@/widgets/can'

interface WhoBoxProps {
  environment: Environment
  onPick: (identity: FoundIdentity) => void
}

const WAIT = 150

/** Finds one identity and picks it; one that no application has asked for yet can be made. */
export function WhoBox({ environment, onPick }: WhoBoxProps) {
  const { project, api_key: key } = environment
  const [text, setText] = useState('')
  const typed = text.trim()
  const [asked] = useDebouncedValue(typed, WAIT)
  const mayCreate = useCan('MANAGE_IDENTITIES', { project, environment: key })
  const create = useCreateIdentity(project, key)
  const { data } = useQuery({ ...suggestedIdentities(project, key, asked), enabled: asked !== '' })
  const isKnown = data?.some(({ identifier }) => identifier === typed) ?? true
  const isNew = mayCreate && typed !== '' && asked === typed && !isKnown
  const found = asked === typed ? (data ?? []) : []
  const offered = [...new Set([...found.map(({ identifier }) => identifier), ...(isNew ? [typed] : [])])]
  const pick = (identifier: string) => {
    const identity = found.find((each) => each.identifier === identifier)
    setText('')
    if (identity) onPick(identity)
    else create.mutate(identifier, { onSuccess: onPick })
  }
  return (
    <Autocomplete
      size="xs"
      w={320}
      maw="100%"
      aria-label={`Turn it on for somebody in ${environment.name}`}
      placeholder="On for one customer: search by identifier"
      leftSection={<IconSearch size={14} />}
      spellCheck={false}
      autoComplete="off"
      filter={({ options }) => options}
      data={offered}
      renderOption={({ option }) =>
        isNew && option.value === typed ? (
          <Text size="xs">
            Add <code>{typed}</code>, not seen yet
          </Text>
        ) : (
          <code>{option.value}</code>
        )
      }
      value={text}
      onChange={setText}
      onOptionSubmit={pick}
      onKeyDown={(event) => {
        const [first] = offered
        // Enter means the first one, unless the arrow keys chose another.
        if (event.key !== 'Enter' || first === undefined || hasChosen(event.currentTarget)) return
        event.preventDefault()
        pick(first)
      }}
    />
  )
}

function hasChosen(box: HTMLInputElement): boolean {
  return Boolean(box.getAttribute('aria-activedescendant'))
}
