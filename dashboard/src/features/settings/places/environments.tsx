import { Button, Modal, Progress, Select, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { IconPlus } from '@tabler/icons-react'
import { useQuery, useSuspenseQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { environmentsOf, useCreateEnvironment, type Environment } from '@/data/places'
import { cloneProgress, useClone } from '@/data/transfer'
import { showErrors } from '@/lib/form-errors'
import type { EnvironmentKey, ProjectId } from '@/lib/ids'
import { Badge } from '@/ui/badge'
import { notifyDone } from '@/ui/notify'
import { Page } from '@/ui/page'
import { Can, useCan } from '@/widgets/can'
import { isProtected } from '@/widgets/environment-colour'
import { EnvironmentName } from '@/widgets/environment-dot'
import { Screen } from '@/widgets/screen'
import { useProject } from '@/widgets/use-environment'
import { Listing } from '../listing'
import { Problem } from '../problem'
import { RowMenu } from '../row-menu'

/** The environments of a project: new ones, and copies of those that are there. */
export function Environments() {
  const { id: project, name } = useProject()
  const [source, setSource] = useState<Environment | 'none' | null>(null)
  const [copy, setCopy] = useState<EnvironmentKey | null>(null)
  return (
    <Page
      title="Environments"
      of={name}
      about="Each feature has a state of its own in each of them."
      actions={
        <Can do="CREATE_ENVIRONMENT" in={{ project }}>
          <Button leftSection={<IconPlus size={16} />} onClick={() => setSource('none')}>
            New environment
          </Button>
        </Can>
      }
    >
      {copy && <Copying project={project} environment={copy} />}
      <Screen what="the environments">
        <EnvironmentList project={project} onClone={setSource} />
      </Screen>
      {source && (
        <NewEnvironment
          project={project}
          source={source === 'none' ? null : source}
          onClose={() => setSource(null)}
          onCopy={setCopy}
        />
      )}
    </Page>
  )
}

interface EnvironmentListProps {
  project: ProjectId
  onClone: (environment: Environment) => void
}

function EnvironmentList({ project, onClone }: EnvironmentListProps) {
  const { data: environments } = useSuspenseQuery(environmentsOf(project))
  const mayCreate = useCan('CREATE_ENVIRONMENT', { project })
  return (
    <Listing
      label="environments"
      rows={environments}
      rowKey={({ id }) => id}
      words={({ name, description }) => `${name} ${description ?? ''}`}
      empty="No environments yet."
      columns={[
        {
          id: 'name',
          header: 'Name',
          order: ({ name }) => name,
          cell: (environment) => (
            <span>
              <EnvironmentName environment={environment} />{' '}
              {isProtected(environment) && <Badge>protected</Badge>}
            </span>
          ),
        },
        { id: 'about', header: 'Description', wide: true, cell: ({ description }) => description || '–' },
        { id: 'key', header: 'Client key', wide: true, cell: ({ api_key }) => <code>{api_key}</code> },
        {
          id: 'settings',
          header: '',
          align: 'end',
          width: '160px',
          cell: (environment) => (
            <span>
              <Button
                variant="default"
                size="compact-xs"
                mr={6}
                renderRoot={(props) => (
                  <Link
                    to="/project/$projectId/environment/$environmentKey/settings"
                    params={{ projectId: String(project), environmentKey: environment.api_key }}
                    aria-label={`Settings of ${environment.name}`}
                    {...props}
                  />
                )}
              >
                Settings
              </Button>
              {mayCreate && (
                <RowMenu
                  of={environment.name}
                  actions={[{ label: 'Clone', onClick: () => onClone(environment) }]}
                />
              )}
            </span>
          ),
        },
      ]}
    />
  )
}

interface NewEnvironmentProps {
  project: ProjectId
  source: Environment | null
  onClose: () => void
  onCopy: (key: EnvironmentKey) => void
}

function NewEnvironment({ project, source, onClose, onCopy }: NewEnvironmentProps) {
  const { data: environments } = useSuspenseQuery(environmentsOf(project))
  const create = useCreateEnvironment(project)
  const clone = useClone(project)
  const [problem, setProblem] = useState<string | null>(null)
  const [from, setFrom] = useState<string | null>(source?.api_key ?? null)
  const form = useForm({
    initialValues: { name: source ? `Copy of ${source.name}` : '' },
    validate: { name: (text) => (text.trim() ? null : 'Name the environment.') },
  })
  const chosen = environments.find(({ api_key }) => api_key === from)
  const refused = (error: Error) => setProblem(showErrors(form, error))
  const submit = form.onSubmit(({ name }) => {
    if (chosen)
      return clone.mutate(
        { environment: chosen.api_key, name: name.trim() },
        {
          onSuccess: ({ api_key }) => {
            onCopy(api_key)
            onClose()
          },
          onError: refused,
        },
      )
    create.mutate(name.trim(), {
      onSuccess: (made) => {
        notifyDone({ message: `${made.name} was created` })
        onClose()
      },
      onError: refused,
    })
  })
  return (
    <Modal opened onClose={onClose} title={source ? `Clone ${source.name}` : 'New environment'}>
      <form onSubmit={submit} noValidate>
        <Stack gap="sm">
          <TextInput data-autofocus label="Name" placeholder="Staging" {...form.getInputProps('name')} />
          <Select
            label="Starts with"
            clearable
            placeholder="The defaults of each feature"
            description="Feature states, segment overrides and settings are copied; identities and keys are not."
            data={environments.map(({ api_key, name }) => ({ value: api_key, label: `A copy of ${name}` }))}
            value={from}
            onChange={setFrom}
          />
          <Problem text={problem} />
          <Button type="submit" ml="auto" loading={create.isPending || clone.isPending}>
            {chosen ? 'Clone the environment' : 'Create the environment'}
          </Button>
        </Stack>
      </form>
    </Modal>
  )
}

function Copying({ project, environment }: { project: ProjectId; environment: EnvironmentKey }) {
  const { data } = useQuery(cloneProgress(project, environment))
  if (!data) return null
  if (data.status === 'FAILED')
    return <Problem text="The copy could not be completed. Delete it and try again." />
  if (data.status === 'SUCCESS')
    return (
      <p role="status">
        <Badge tone="positive">The copy is complete</Badge>
      </p>
    )
  return <Progress mb="sm" value={data.progress} aria-label={`Copying: ${data.progress} %`} animated />
}
