import { Button, Checkbox, FileInput, Group, SegmentedControl, Stack, Text, TextInput } from '@mantine/core'
import { useForm, type UseFormReturnType } from '@mantine/form'
import { IconUpload } from '@tabler/icons-react'
import { useState } from 'react'
import { useReadMetadata, useSaveSaml, type Saml, type SamlDraft } from '@/data/sso'
import { basePath } from '@/lib/facts'
import { showErrors } from '@/lib/form-errors'
import type { OrganisationId } from '@/lib/ids'
import { notifyDone, notifyFailed } from '@/ui/notify'
import { Moment } from '@/widgets/moment'
import { Problem } from '../problem'

interface SamlFormProps {
  organisation: OrganisationId
  saml: Saml | null
  onSaved: (saml: Saml) => void
}

type Source = 'file' | 'url'

interface Values {
  name: string
  frontend_url: string
  allow_idp_initiated: boolean
  idp_metadata_url: string
  /** No field of its own: what the server says about the file is told there. */
  idp_metadata_xml: string
}

export function SamlForm({ organisation, saml, onSaved }: SamlFormProps) {
  const save = useSaveSaml(organisation)
  const [problem, setProblem] = useState<string | null>(null)
  const [source, setSource] = useState<Source>(saml?.idp_metadata_url ? 'url' : 'file')
  const [file, setFile] = useState<File | null>(null)
  const form = useForm<Values>({
    initialValues: {
      name: saml?.name ?? '',
      frontend_url: saml?.frontend_url ?? `${location.origin}${basePath}`,
      allow_idp_initiated: saml?.allow_idp_initiated ?? false,
      idp_metadata_url: saml?.idp_metadata_url ?? '',
      idp_metadata_xml: '',
    },
    validate: {
      name: (text) => (/^[A-Za-z0-9-]+$/.test(text) ? null : 'Letters, digits and hyphens, such as acme.'),
      frontend_url: (text) => (/^https?:\/\//.test(text) ? null : 'An address that begins with https.'),
    },
  })
  const submit = form.onSubmit(async ({ name, frontend_url, allow_idp_initiated, idp_metadata_url }) => {
    setProblem(null)
    const body: SamlDraft = {
      name,
      frontend_url,
      allow_idp_initiated,
      ...(source === 'url'
        ? { idp_metadata_url: idp_metadata_url.trim() || null }
        : await readFrom(file, saml)),
    }
    save.mutate(
      { known: saml?.name ?? null, body },
      {
        onSuccess: (saved) => {
          setFile(null)
          notifyDone({ message: `${saved.name} was saved` })
          onSaved(saved)
        },
        onError: (error) => setProblem(showErrors(form, error)),
      },
    )
  })
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="sm">
        <Group grow align="flex-start">
          <TextInput
            data-autofocus
            label="Name"
            description="People type it when they sign in."
            autoComplete="off"
            {...form.getInputProps('name')}
          />
          <TextInput
            label="Address of the dashboard"
            description="Where people come back to."
            {...form.getInputProps('frontend_url')}
          />
        </Group>
        <MetadataSource
          organisation={organisation}
          saml={saml}
          form={form}
          source={source}
          onSource={setSource}
          file={file}
          onFile={setFile}
        />
        <Checkbox
          label="Sign-in may begin at the identity provider"
          description="For a tile in its portal. Without this, people begin here."
          {...form.getInputProps('allow_idp_initiated', { type: 'checkbox' })}
        />
        <Problem text={problem} />
        <Button type="submit" ml="auto" loading={save.isPending}>
          {saml ? 'Save it' : 'Create it'}
        </Button>
      </Stack>
    </form>
  )
}

interface MetadataSourceProps {
  organisation: OrganisationId
  saml: Saml | null
  form: UseFormReturnType<Values>
  source: Source
  onSource: (source: Source) => void
  file: File | null
  onFile: (file: File | null) => void
}

function MetadataSource({ organisation, saml, form, source, onSource, file, onFile }: MetadataSourceProps) {
  return (
    <>
      <Group gap="xs" align="center">
        <Text size="sm" fw={500}>
          Metadata of the identity provider
        </Text>
        <SegmentedControl
          size="xs"
          aria-label="Where the metadata is"
          data={[
            { value: 'file', label: 'File' },
            { value: 'url', label: 'Address' },
          ]}
          value={source}
          onChange={(next) => onSource(next === 'url' ? 'url' : 'file')}
        />
      </Group>
      {source === 'url' ? (
        <TextInput
          label="Address of the metadata"
          description="Read again every now and then, so that new certificates are known."
          placeholder="https://idp.example.com/metadata"
          {...form.getInputProps('idp_metadata_url')}
        />
      ) : (
        <FileInput
          label="Metadata file"
          description={
            saml?.idp_metadata_xml
              ? 'There is one; another replaces it.'
              : 'XML, as the provider offers it to download.'
          }
          placeholder="metadata.xml"
          accept=".xml,application/xml,text/xml,application/samlmetadata+xml"
          clearable
          leftSection={<IconUpload size={15} aria-hidden />}
          value={file}
          onChange={onFile}
          error={form.errors['idp_metadata_xml']}
        />
      )}
      {saml?.metadata_read_at && (
        <Group gap="xs">
          <Text size="xs" c="dimmed">
            From {saml.idp_entity_id}, read <Moment at={saml.metadata_read_at} />.
          </Text>
          {saml.idp_metadata_url && <ReadAgain organisation={organisation} name={saml.name} />}
        </Group>
      )}
    </>
  )
}

/** A certificate was changed there, and nobody wants to wait until it is noticed here. */
function ReadAgain({ organisation, name }: { organisation: OrganisationId; name: string }) {
  const { mutate, isPending } = useReadMetadata(organisation)
  const read = () =>
    mutate(name, {
      onSuccess: ({ metadata_problem }) => {
        if (metadata_problem === null) notifyDone({ message: 'The metadata was read again' })
        else notifyFailed(metadata_problem)
      },
    })
  return (
    <Button size="compact-xs" variant="default" loading={isPending} onClick={read}>
      Read it again now
    </Button>
  )
}

/** A file replaces what there was, and an address, which would only be read over it. */
async function readFrom(file: File | null, saml: Saml | null): Promise<Partial<SamlDraft>> {
  if (file) return { idp_metadata_xml: await file.text(), idp_metadata_url: null }
  return saml?.idp_metadata_url ? { idp_metadata_url: null } : {}
}
