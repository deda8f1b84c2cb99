import { ActionIcon, Button, Checkbox, Group, Modal, Stack, TagsInput, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { IconPlus, IconX } from '@tabler/icons-react'
import { useState } from 'react'
import { useSaveTrust, type ClaimRule, type Trust } from '@/data/api-keys'
import { showErrors } from '@/lib/form-errors'
import { serverUrl } from '@/lib/facts'
import type { OrganisationId } from '@/lib/ids'
import { notifyDone } from '@/ui/notify'
import { Problem } from '../problem'

const GITHUB = 'https://token.actions.githubusercontent.com'

interface TrustFormProps {
  organisation: OrganisationId
  trust: Trust | null
  onClose: () => void
}

export function TrustForm({ organisation, trust, onClose }: TrustFormProps) {
  const save = useSaveTrust(organisation)
  const [problem, setProblem] = useState<string | null>(null)
  const [rules, setRules] = useState<ClaimRule[]>(trust?.claim_rules ?? [{ claim: 'repository', values: [] }])
  const form = useForm({
    initialValues: {
      name: trust?.name ?? '',
      issuer: trust?.issuer ?? GITHUB,
      audience: trust?.audience ?? serverUrl,
      is_admin: trust?.is_admin ?? false,
    },
    validate: {
      name: (text) => (text.trim() ? null : 'Name it after what signs in.'),
      issuer: (text) => (text.startsWith('https://') ? null : 'An issuer is an https address.'),
    },
  })
  const submit = form.onSubmit((facts) =>
    save.mutate(
      { id: trust?.id ?? null, body: { ...facts, claim_rules: completeRules(rules) } },
      {
        onSuccess: ({ name }) => {
          notifyDone({ message: `${name} was saved` })
          onClose()
        },
        onError: (error) => setProblem(showErrors(form, error)),
      },
    ),
  )
  return (
    <Modal opened onClose={onClose} size="lg" title={trust ? `Edit ${trust.name}` : 'New trust relationship'}>
      <form onSubmit={submit} noValidate>
        <Stack gap="sm">
          <TextInput data-autofocus label="Name" {...form.getInputProps('name')} />
          <TextInput
            label="Issuer"
            description="Publishes /.well-known/openid-configuration"
            {...form.getInputProps('issuer')}
          />
          <TextInput
            label="Audience"
            description="What the job asks its token for; no other trust relationship has the same"
            {...form.getInputProps('audience')}
          />
          <Rules rules={rules} onChange={setRules} />
          <Checkbox
            label="May do everything in the organisation"
            description="Without this it may do nothing until you give it roles."
            {...form.getInputProps('is_admin', { type: 'checkbox' })}
          />
          <Problem text={problem} />
          <Button type="submit" ml="auto" loading={save.isPending}>
            {trust ? 'Save it' : 'Create it'}
          </Button>
        </Stack>
      </form>
    </Modal>
  )
}

function Rules({ rules, onChange }: { rules: readonly ClaimRule[]; onChange: (rules: ClaimRule[]) => void }) {
  const change = (at: number, rule: ClaimRule) =>
    onChange(rules.map((each, place) => (place === at ? rule : each)))
  return (
    <fieldset style={{ border: 0, margin: 0, padding: 0, minInlineSize: 0 }}>
      <Text component="legend" size="sm" fw={500}>
        Only tokens in which
      </Text>
      {rules.map((rule, at) => (
        <Group key={at} gap="xs" mt={6} wrap="nowrap" align="flex-start">
          <TextInput
            aria-label={`Claim ${at + 1}`}
            placeholder="repository"
            w={150}
            value={rule.claim}
            onChange={(event) => change(at, { ...rule, claim: event.currentTarget.value })}
          />
          <TagsInput
            aria-label={`Values of claim ${at + 1}`}
            placeholder="is one of… (* stands for any text)"
            flex={1}
            value={rule.values}
            acceptValueOnBlur
            onChange={(values) => change(at, { ...rule, values })}
          />
          <ActionIcon
            mt={6}
            aria-label={`Remove claim ${at + 1}`}
            onClick={() => onChange(rules.filter((_, place) => place !== at))}
          >
            <IconX size={15} />
          </ActionIcon>
        </Group>
      ))}
      <Button
        mt={6}
        size="compact-sm"
        variant="subtle"
        leftSection={<IconPlus size={14} />}
        onClick={() => onChange([...rules, { claim: '', values: [] }])}
      >
        Another claim
      </Button>
    </fieldset>
  )
}

/** Rows that were left empty mean nothing. */
export function completeRules(rules: readonly ClaimRule[]): ClaimRule[] {
  return rules
    .map(({ claim, values }) => ({ claim: claim.trim(), values }))
    .filter(({ claim, values }) => claim !== '' || values.length > 0)
}
