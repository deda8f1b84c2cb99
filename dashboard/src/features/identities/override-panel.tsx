import { Alert, Button, Group, Select, Stack, Switch, Text, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { ToldFlag } from '@/data/explain'
import { featuresOf, type Variant } from '@/data/features'
import type { Identity } from '@/data/identities'
import { useSaveFlag } from '@/data/targeting'
import { messageOf } from '@/lib/errors'
import { confirm } from '@/ui/confirm'
import { notifyDone } from '@/ui/notify'
import { Panel } from '@/ui/panel'
import { useCan } from '@/widgets/can'
import { isProtected } from '@/widgets/environment-colour'
import { useEnvironment, useProject } from '@/widgets/use-environment'
import { draftOf, flagValue, overrideBody, variantName, type OverrideDraft } from './override'

interface OverridePanelProps {
  flag: ToldFlag
  identity: Identity
}

const NONE: readonly Variant[] = []

/** Gives an identity its own value of a flag, changes it, takes it away. */
export function OverridePanel({ flag, identity }: OverridePanelProps) {
  const project = useProject()
  const environment = useEnvironment()
  const place = { project: project.id, environment: environment.api_key }
  const mayChangeFlags = useCan('UPDATE_FEATURE_STATE', place)
  const mayManage = useCan('MANAGE_IDENTITIES', place)
  const { data: features } = useQuery(featuresOf(project.id, environment.id))
  const variants = features?.find(({ id }) => id === flag.feature.id)?.multivariate_options ?? NONE
  const { put, isPending, error } = useOverride({ flag, identity }, variants)
  const [isOpen, setOpen] = useState(false)
  const has = flag.decided_by.kind === 'identity_override'
  if (!mayChangeFlags || !mayManage) return null
  return (
    <Panel label="Override">
      <h2>{has ? 'Its own value' : 'Give it a value of its own'}</h2>
      {error && (
        <Alert color="red" variant="light" role="alert">
          {messageOf(error)}
        </Alert>
      )}
      {isOpen ? (
        <OverrideForm
          start={draftOf(flag, variants)}
          {...{ variants, isPending, environment: environment.name }}
          onCancel={() => setOpen(false)}
          onSave={(draft) => put(draft, () => setOpen(false))}
        />
      ) : (
        <>
          <Text size="sm" c="dimmed">
            {has
              ? 'Whatever the rules say, it gets this.'
              : `Counts for ${identity.identifier} alone, before every segment and the default.`}
          </Text>
          <Group gap="xs">
            <Button variant="default" onClick={() => setOpen(true)}>
              {has ? 'Change it' : 'Add an override'}
            </Button>
            {has && (
              <Button variant="default" loading={isPending} onClick={() => put(null)}>
                Remove the override
              </Button>
            )}
          </Group>
        </>
      )}
    </Panel>
  )
}

/** Puts or removes the override, and offers to take that back. */
function useOverride({ flag, identity }: OverridePanelProps, variants: readonly Variant[]) {
  const project = useProject()
  const environment = useEnvironment()
  const save = useSaveFlag(project.id, flag.feature.id)
  const saving = (draft: OverrideDraft | null) => ({
    environments: { [environment.api_key]: overrideBody(identity.id, draft, variants) },
  })
  const before = flag.decided_by.kind === 'identity_override' ? draftOf(flag, variants) : null
  const write = (draft: OverrideDraft | null, onDone?: () => void) =>
    save.mutate(saving(draft), {
      onSuccess: () => {
        onDone?.()
        notifyDone({
          message: draft
            ? `${identity.identifier} gets its own ${flag.feature.name}`
            : `${identity.identifier} follows the rules for ${flag.feature.name} again`,
          onUndo: () => save.mutate(saving(before)),
        })
      },
    })
  const put = (draft: OverrideDraft | null, onDone?: () => void) => {
    if (!isProtected(environment)) return write(draft, onDone)
    confirm({
      title: `Change what ${identity.identifier} gets in ${environment.name}?`,
      action: `Save in ${environment.name}`,
      children: draft
        ? `${flag.feature.name} goes ${draft.enabled ? 'on' : 'off'} for ${identity.identifier} alone, whatever the rules say.`
        : `${identity.identifier} follows the rules for ${flag.feature.name} again.`,
      onConfirm: () => write(draft, onDone),
    })
  }
  return { put, isPending: save.isPending, error: save.error }
}

interface OverrideFormProps {
  start: OverrideDraft
  variants: readonly Variant[]
  environment: string
  isPending: boolean
  onCancel: () => void
  onSave: (draft: OverrideDraft) => void
}

function OverrideForm({ start, variants, environment, isPending, onCancel, onSave }: OverrideFormProps) {
  const [draft, setDraft] = useState(start)
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        onSave(draft)
      }}
    >
      <Stack gap="sm">
        <Switch
          label={draft.enabled ? 'On' : 'Off'}
          checked={draft.enabled}
          onChange={(event) => setDraft({ ...draft, enabled: event.currentTarget.checked })}
        />
        {variants.length > 0 && (
          <Select
            label="Variant"
            allowDeselect={false}
            data={[
              { value: 'none', label: 'None: the value below' },
              ...variants.map((variant) => ({ value: String(variant.id), label: variantName(variant) })),
            ]}
            value={draft.variant === null ? 'none' : String(draft.variant)}
            onChange={(chosen) =>
              setDraft({ ...draft, variant: chosen === null || chosen === 'none' ? null : Number(chosen) })
            }
          />
        )}
        {draft.variant === null && (
          <TextInput
            label="Value"
            description={KINDS[flagValue(draft.text)?.type ?? 'none']}
            autoComplete="off"
            spellCheck={false}
            styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
            value={draft.text}
            onChange={(event) => setDraft({ ...draft, text: event.currentTarget.value })}
          />
        )}
        <Group gap="xs">
          <Button type="submit" loading={isPending}>
            Save in {environment}
          </Button>
          <Button variant="default" onClick={onCancel}>
            Cancel
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

const KINDS: Readonly<Record<string, string>> = {
  none: 'No value',
  integer: 'A number; in "quotes" a text',
  boolean: 'True or false; in "quotes" a text',
  string: 'A text',
}
