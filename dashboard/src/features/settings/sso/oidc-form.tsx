import { Button, Checkbox, Group, Modal, PasswordInput, Select, Stack, TextInput } from '@mantine/core'
import { useForm, type UseFormReturnType } from '@mantine/form'
import { useState } from 'react'
import { useSaveOidc, type OidcDraft, type OidcProvider } from '@/data/sso'
import { showErrors } from '@/lib/form-errors'
import type { OrganisationId } from '@/lib/ids'
import { notifyDone } from '@/ui/notify'
import { Block } from '../block'
import { Problem } from '../problem'
import { CopiedFacts } from './copied-facts'
import { slugOf } from './slug'

interface OidcFormProps {
  organisation: OrganisationId
  /** Null for one that is being made. */
  provider: OidcProvider | null
  onMade: (provider: OidcProvider) => void
  onClose: () => void
}

type Values = OidcDraft & { client_secret: string }

const NEW: Values = {
  name: '',
  slug: '',
  issuer: '',
  client_id: '',
  client_secret: '',
  scopes: 'openid email profile',
  email_claim: 'email',
  first_name_claim: 'given_name',
  last_name_claim: 'family_name',
  groups_claim: '',
  require_verified_email: true,
  joins: true,
  role: 'USER',
}

export function OidcForm({ organisation, provider, onMade, onClose }: OidcFormProps) {
  const save = useSaveOidc(organisation)
  const [problem, setProblem] = useState<string | null>(null)
  const form = useForm<Values>({
    initialValues: valuesOf(provider),
    validate: {
      name: (text) => (text.trim() ? null : 'The button on the sign-in page bears it.'),
      issuer: (text) => (text.startsWith('https://') ? null : 'An issuer is an https address.'),
      client_id: (text) => (text.trim() ? null : 'The provider gives it when you register Burgee there.'),
    },
  })
  const submit = form.onSubmit(({ client_secret, slug, ...facts }) => {
    setProblem(null)
    const body = { ...facts, slug: slug || slugOf(facts.name), ...(client_secret ? { client_secret } : {}) }
    save.mutate(
      { id: provider?.id ?? null, body },
      {
        onSuccess: (saved) => {
          notifyDone({ message: `${saved.name} was saved` })
          if (provider) onClose()
          else onMade(saved)
        },
        onError: (error) => setProblem(showErrors(form, error)),
      },
    )
  })
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={provider ? `OpenID: ${provider.name}` : 'New OpenID provider'}
    >
      <Stack gap="sm">
        {provider && (
          <Block
            title="For the provider"
            about="Register the first there. The second signs people in: link to it."
          >
            <CopiedFacts
              facts={[
                ['Redirect URI', provider.callback_url],
                ['Sign-in link', provider.start_url],
              ]}
            />
          </Block>
        )}
        <form onSubmit={submit} noValidate>
          <Stack gap="sm">
            <Names form={form} />
            <PasswordInput
              label="Client secret"
              description={
                provider?.has_client_secret
                  ? 'There is one, which nobody can read again. What you type replaces it.'
                  : 'Leave it empty for a public client.'
              }
              autoComplete="off"
              {...form.getInputProps('client_secret')}
            />
            <Claims form={form} />
            <Newcomers form={form} />
            <Problem text={problem} />
            <Button type="submit" ml="auto" loading={save.isPending}>
              {provider ? 'Save it' : 'Create it'}
            </Button>
          </Stack>
        </form>
      </Stack>
    </Modal>
  )
}

type Form = UseFormReturnType<Values>

function Names({ form }: { form: Form }) {
  return (
    <>
      <Group grow align="flex-start">
        <TextInput data-autofocus label="Name" autoComplete="off" {...form.getInputProps('name')} />
        <TextInput
          label="In addresses"
          placeholder={slugOf(form.values.name) || 'acme'}
          autoComplete="off"
          {...form.getInputProps('slug')}
        />
      </Group>
      <TextInput label="Issuer" placeholder="https://login.example.com" {...form.getInputProps('issuer')} />
      <TextInput label="Client ID" autoComplete="off" {...form.getInputProps('client_id')} />
    </>
  )
}

function Claims({ form }: { form: Form }) {
  return (
    <>
      <TextInput label="Scopes" {...form.getInputProps('scopes')} />
      <Group grow align="flex-start" gap="xs">
        <TextInput label="E-mail claim" {...form.getInputProps('email_claim')} />
        <TextInput label="First name claim" {...form.getInputProps('first_name_claim')} />
      </Group>
      <Group grow align="flex-start" gap="xs">
        <TextInput label="Last name claim" {...form.getInputProps('last_name_claim')} />
        <TextInput label="Groups claim" placeholder="groups" {...form.getInputProps('groups_claim')} />
      </Group>
    </>
  )
}

function Newcomers({ form }: { form: Form }) {
  return (
    <>
      <Checkbox
        label="Only e-mail addresses that the provider has verified"
        {...form.getInputProps('require_verified_email', { type: 'checkbox' })}
      />
      <Checkbox
        label="Somebody new joins the organisation"
        {...form.getInputProps('joins', { type: 'checkbox' })}
      />
      {form.values.joins && (
        <Select
          label="As"
          w={200}
          allowDeselect={false}
          data={[
            { value: 'USER', label: 'Member' },
            { value: 'ADMIN', label: 'Administrator' },
          ]}
          {...form.getInputProps('role')}
        />
      )}
    </>
  )
}

function valuesOf(provider: OidcProvider | null): Values {
  if (!provider) return NEW
  const known = Object.entries(provider).filter(([name]) => name in NEW)
  return Object.assign({ ...NEW }, Object.fromEntries(known))
}
