import { ActionIcon, Alert, Autocomplete, Button, Group, Skeleton, Text, TextInput } from '@mantine/core'
import { IconPencil, IconPlus, IconTrash } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState, type SyntheticEvent } from 'react'
import {
  traitKeysOf,
  traitsOf,
  useDeleteTrait,
  useSaveTrait,
  type Identity,
  type Trait,
} from '@/data/identities'
import { messageOf } from '@/lib/errors'
import { ValueChip } from '@/ui/badge'
import { notifyDone } from '@/ui/notify'
import { Panel } from '@/ui/panel'
import { useCan } from '@/widgets/can'
import { traitValue, typed } from '@/widgets/test-as-who'
import { useEnvironment, useProject } from '@/widgets/use-environment'
import classes from './identities.module.css'

/** What is known of it: the stored traits, which can be changed. */
export function IdentityTraits({ identity }: { identity: Identity }) {
  const project = useProject()
  const environment = useEnvironment()
  const { data: traits, error } = useQuery(traitsOf(project.id, environment.api_key, identity.id))
  const may = useCan('MANAGE_IDENTITIES', { project: project.id, environment: environment.api_key })
  const [edited, setEdited] = useState<number | 'new' | null>(null)
  const close = () => setEdited(null)
  return (
    <Panel label="Traits">
      <Group justify="space-between">
        <h2>Traits</h2>
        {may && edited !== 'new' && (
          <Button
            variant="subtle"
            size="compact-sm"
            leftSection={<IconPlus size={14} />}
            onClick={() => setEdited('new')}
          >
            Add a trait
          </Button>
        )}
      </Group>
      {error && (
        <Text size="sm" c="red" role="alert">
          {messageOf(error)}
        </Text>
      )}
      {!traits && !error && <Skeleton height={72} radius="sm" role="status" aria-busy aria-label="Loading" />}
      {traits?.length === 0 && edited !== 'new' && (
        <Text size="sm" c="dimmed">
          No traits are stored.
        </Text>
      )}
      <ul className={classes['rows']}>
        {traits?.map((trait) => (
          <li key={trait.id}>
            {edited === trait.id ? (
              <TraitForm identity={identity} trait={trait} onClose={close} />
            ) : (
              <TraitRow identity={identity} trait={trait} may={may} onEdit={() => setEdited(trait.id)} />
            )}
          </li>
        ))}
        {edited === 'new' && (
          <li>
            <TraitForm identity={identity} onClose={close} />
          </li>
        )}
      </ul>
    </Panel>
  )
}

interface TraitRowProps {
  identity: Identity
  trait: Trait
  may: boolean
  onEdit: () => void
}

function TraitRow({ identity, trait, may, onEdit }: TraitRowProps) {
  const project = useProject()
  const environment = useEnvironment()
  const remove = useDeleteTrait(project.id, environment.api_key, identity.id)
  const save = useSaveTrait(project.id, environment.api_key, identity.id)
  const gone = () =>
    notifyDone({
      message: `${trait.key} is gone`,
      onUndo: () => save.mutate({ key: trait.key, value: trait.value }),
    })
  return (
    <div className={classes['row']}>
      <code className={classes['key']} title={trait.key}>
        {trait.key}
      </code>
      <ValueChip value={trait.value} />
      {may && (
        <span className={classes['tools']}>
          <ActionIcon aria-label={`Edit ${trait.key}`} onClick={onEdit}>
            <IconPencil size={15} />
          </ActionIcon>
          <ActionIcon
            aria-label={`Remove ${trait.key}`}
            loading={remove.isPending}
            onClick={() => remove.mutate(trait.id, { onSuccess: gone })}
          >
            <IconTrash size={15} />
          </ActionIcon>
        </span>
      )}
    </div>
  )
}

interface TraitFormProps {
  identity: Identity
  trait?: Trait
  onClose: () => void
}

function TraitForm({ identity, trait, onClose }: TraitFormProps) {
  const project = useProject()
  const environment = useEnvironment()
  const { data: known = [] } = useQuery(traitKeysOf(project.id, environment.api_key))
  const save = useSaveTrait(project.id, environment.api_key, identity.id)
  const [key, setKey] = useState(trait?.key ?? '')
  const [text, setText] = useState(trait ? typed(trait.value) : '')
  const submit = (event: SyntheticEvent) => {
    event.preventDefault()
    if (key.trim() === '') return
    const given = { key: key.trim(), value: traitValue(text) }
    save.mutate(trait ? { ...given, id: trait.id } : given, { onSuccess: onClose })
  }
  return (
    <form className={classes['form']} onSubmit={submit} noValidate>
      {save.error && (
        <Alert color="red" variant="light" role="alert">
          {messageOf(save.error)}
        </Alert>
      )}
      <Group gap={6} wrap="nowrap">
        <Autocomplete
          size="sm"
          flex={1}
          miw={0}
          aria-label="Trait"
          placeholder="plan"
          autoFocus={!trait}
          autoComplete="off"
          data={known}
          value={key}
          onChange={setKey}
        />
        <TextInput
          flex={1}
          miw={0}
          aria-label="Value"
          placeholder="pro"
          autoFocus={Boolean(trait)}
          autoComplete="off"
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
      </Group>
      <Group gap="xs">
        <Button type="submit" size="compact-sm" disabled={key.trim() === ''} loading={save.isPending}>
          Save the trait
        </Button>
        <Button size="compact-sm" variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Text size="xs" c="dimmed">
          {KINDS[typeof traitValue(text)]}
        </Text>
      </Group>
    </form>
  )
}

const KINDS: Readonly<Record<string, string>> = {
  number: 'a number; in "quotes" a text',
  boolean: 'true or false; in "quotes" a text',
  string: 'a text',
}
