import { Button, Group, Select, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useSuspenseQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { mappingsOf, useAddMapping, useDeleteMapping, type PersonField } from '@/data/sso'
import { showErrors } from '@/lib/form-errors'
import type { OrganisationId } from '@/lib/ids'
import { Block } from '../block'
import { Listing } from '../listing'
import { Problem } from '../problem'

const FIELDS: Readonly<Record<PersonField, string>> = {
  email: 'E-mail address',
  first_name: 'First name',
  last_name: 'Last name',
  groups: 'Groups',
}

const isField = (text: string | null): text is PersonField => text !== null && text in FIELDS

interface SamlMappingsProps {
  organisation: OrganisationId
  saml: number
}

/** In which attribute the provider tells what. The usual names are known without any of this. */
export function SamlMappings({ organisation, saml }: SamlMappingsProps) {
  const { data: mappings } = useSuspenseQuery(mappingsOf(organisation, saml))
  const remove = useDeleteMapping(organisation, saml)
  return (
    <Block
      title="Attributes"
      about="The usual names are understood. Add what your identity provider calls differently."
    >
      <Listing
        label="attributes"
        rows={mappings}
        rowKey={({ id }) => id}
        words={({ idp_attribute_name }) => idp_attribute_name}
        empty="None with a name of its own."
        columns={[
          {
            id: 'field',
            header: 'Here',
            cell: ({ django_attribute_name }) => FIELDS[django_attribute_name],
          },
          {
            id: 'attribute',
            header: 'Attribute of the provider',
            cell: ({ idp_attribute_name }) => <code>{idp_attribute_name}</code>,
          },
          {
            id: 'actions',
            header: '',
            width: '90px',
            align: 'end',
            cell: ({ id, idp_attribute_name }) => (
              <Button
                size="compact-sm"
                variant="subtle"
                aria-label={`Remove ${idp_attribute_name}`}
                onClick={() => remove.mutate(id)}
              >
                Remove
              </Button>
            ),
          },
        ]}
      />
      <AddMapping organisation={organisation} saml={saml} />
    </Block>
  )
}

function AddMapping({ organisation, saml }: SamlMappingsProps) {
  const [field, setField] = useState<PersonField>('email')
  const [problem, setProblem] = useState<string | null>(null)
  const form = useForm({ initialValues: { idp_attribute_name: '' } })
  const add = useAddMapping(organisation, saml)
  const submit = form.onSubmit(({ idp_attribute_name }) => {
    setProblem(null)
    add.mutate(
      { django_attribute_name: field, idp_attribute_name: idp_attribute_name.trim() },
      { onSuccess: () => form.reset(), onError: (error) => setProblem(showErrors(form, error)) },
    )
  })
  return (
    <form onSubmit={submit} noValidate>
      <Group gap="xs" mt="xs" align="flex-start">
        <Select
          aria-label="What it tells"
          w={150}
          allowDeselect={false}
          data={Object.entries(FIELDS).map(([value, label]) => ({ value, label }))}
          value={field}
          onChange={(next) => isField(next) && setField(next)}
        />
        <TextInput
          aria-label="Name of the attribute"
          placeholder="urn:oid:0.9.2342.19200300.100.1.3"
          flex={1}
          miw={200}
          {...form.getInputProps('idp_attribute_name')}
        />
        <Button
          type="submit"
          variant="default"
          disabled={!form.values.idp_attribute_name.trim()}
          loading={add.isPending}
        >
          Add
        </Button>
      </Group>
      <Problem text={problem} />
    </form>
  )
}
