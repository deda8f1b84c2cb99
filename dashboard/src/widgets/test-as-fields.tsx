import { ActionIcon, Autocomplete, Button, Group, Stack, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconPlus, IconTrash, IconUser } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { suggestedIdentities, traitKeysOf } from '@/data/identities'
import type { EnvironmentKey, ProjectId } from '@/lib/ids'
import { useCan } from './can'
import { traitValue, type TypedTrait, type Who } from './test-as-who'

interface WhoFieldsProps {
  projectId: ProjectId
  environmentKey: EnvironmentKey
  who: Who
  onWho: (who: Who) => void
}

/** An identifier and traits, with those that are known offered. */
export function WhoFields({ projectId, environmentKey, who, onWho }: WhoFieldsProps) {
  const [asked] = useDebouncedValue(who.identifier.trim(), 200)
  const mayLook = useCan('VIEW_IDENTITIES', { project: projectId, environment: environmentKey })
  const { data: identities = [] } = useQuery({
    ...suggestedIdentities(projectId, environmentKey, asked),
    enabled: mayLook,
  })
  const { data: traitKeys = [] } = useQuery(traitKeysOf(projectId, environmentKey))
  const setTraits = (traits: readonly TypedTrait[]) => onWho({ ...who, traits })
  return (
    <Stack gap="xs">
      <Autocomplete
        label="Test as"
        data-autofocus
        placeholder="Identifier; empty for nobody in particular"
        leftSection={<IconUser size={15} />}
        size="sm"
        spellCheck={false}
        autoComplete="off"
        data={[...new Set(identities.map(({ identifier }) => identifier))]}
        filter={({ options }) => options}
        value={who.identifier}
        onChange={(identifier) => onWho({ ...who, identifier })}
      />
      {who.traits.map((trait, place) => (
        <TraitFields
          key={place}
          trait={trait}
          known={traitKeys}
          onChange={(changed) => setTraits(who.traits.map((each, at) => (at === place ? changed : each)))}
          onRemove={() => setTraits(who.traits.filter((_, at) => at !== place))}
        />
      ))}
      <div>
        <Button
          variant="subtle"
          size="compact-sm"
          leftSection={<IconPlus size={14} />}
          onClick={() => setTraits([...who.traits, { key: '', text: '' }])}
        >
          Add a trait
        </Button>
      </div>
    </Stack>
  )
}

interface TraitFieldsProps {
  trait: TypedTrait
  known: readonly string[]
  onChange: (trait: TypedTrait) => void
  onRemove: () => void
}

function TraitFields({ trait, known, onChange, onRemove }: TraitFieldsProps) {
  const name = trait.key || 'the new trait'
  return (
    <Group gap={6} wrap="nowrap">
      <Autocomplete
        size="sm"
        flex={1}
        miw={0}
        aria-label="Trait"
        placeholder="plan"
        spellCheck={false}
        autoFocus={trait.key === ''}
        data={[...known]}
        value={trait.key}
        onChange={(key) => onChange({ ...trait, key })}
      />
      <TextInput
        flex={1}
        miw={0}
        aria-label={`Value of ${name}`}
        placeholder="pro"
        spellCheck={false}
        value={trait.text}
        rightSection={<Kind text={trait.text} />}
        rightSectionWidth={52}
        rightSectionPointerEvents="none"
        onChange={(event) => onChange({ ...trait, text: event.currentTarget.value })}
      />
      <ActionIcon aria-label={`Leave out ${name}`} onClick={onRemove}>
        <IconTrash size={15} />
      </ActionIcon>
    </Group>
  )
}

const KINDS: Readonly<Record<string, string>> = { number: 'number', boolean: 'true/false', string: 'text' }

function Kind({ text }: { text: string }) {
  if (text === '') return null
  return (
    <span style={{ color: 'var(--text-muted)', fontSize: '0.75rem' }}>{KINDS[typeof traitValue(text)]}</span>
  )
}
