import { Button, FileInput, Group, Radio, Select, Stack, Text } from '@mantine/core'
import { IconUpload } from '@tabler/icons-react'
import { useQuery, useSuspenseQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { permissionsIn } from '@/data/permissions'
import { environmentsOf, type Environment } from '@/data/places'
import { importsOf, useImport, type FeatureImport, type Strategy } from '@/data/transfer'
import { messageOf } from '@/lib/errors'
import { plural } from '@/lib/format'
import { confirm } from '@/ui/confirm'
import { Moment } from '@/widgets/moment'
import { useProject } from '@/widgets/use-environment'
import { Block } from '../block'
import { Listing } from '../listing'
import { Problem } from '../problem'
import { TransferState } from './transfer-state'

const STRATEGIES: Record<Strategy, readonly [string, string]> = {
  SKIP: ['Leave them as they are', 'Only what the project does not have is added.'],
  OVERWRITE_DESTRUCTIVE: [
    'Overwrite them in this environment',
    'They get the state of the file and lose their segment and identity overrides there.',
  ],
}

export function Imports() {
  const { id: project, organisation } = useProject()
  const { data: environments } = useSuspenseQuery(environmentsOf(project))
  const { data: imports } = useSuspenseQuery(importsOf(project))
  const { data: mine } = useQuery(permissionsIn({ organisation }))
  const nameOf = (id: number) => environments.find((each) => each.id === id)?.name ?? `environment ${id}`
  return (
    <Block title="Import" about="All of a file is written, or nothing.">
      {mine?.admin === true ? (
        <ImportForm environments={environments} />
      ) : (
        <Text size="sm" c="dimmed" mb="sm">
          Administrators of the organisation import files.
        </Text>
      )}
      <Listing
        label="imports"
        rows={imports}
        rowKey={({ id }) => id}
        words={({ environment_id }) => nameOf(environment_id)}
        empty="Nothing was imported yet."
        columns={[
          { id: 'into', header: 'Into', cell: ({ environment_id }) => nameOf(environment_id) },
          {
            id: 'state',
            header: 'State',
            cell: (each) => (
              <TransferState status={each.status} progress={each.progress} problem={problemsOf(each)} />
            ),
          },
          { id: 'outcome', header: 'Outcome', wide: true, cell: outcomeOf },
          {
            id: 'made',
            header: 'Begun',
            width: '130px',
            wide: true,
            order: ({ created_at }) => created_at,
            cell: ({ created_at }) => <Moment at={created_at} />,
          },
        ]}
      />
    </Block>
  )
}

function ImportForm({ environments }: { environments: readonly Environment[] }) {
  const { id: project } = useProject()
  const [into, setInto] = useState<string | null>(null)
  const [file, setFile] = useState<File | null>(null)
  const [strategy, setStrategy] = useState<Strategy>('SKIP')
  const begin = useImport(project)
  const target = environments.find(({ api_key }) => api_key === into) ?? environments[0]
  const send = () => {
    if (target && file)
      begin.mutate({ environment: target.id, file, strategy }, { onSuccess: () => setFile(null) })
  }
  const submit = () => {
    if (strategy === 'SKIP') return send()
    confirm({
      title: `Overwrite features in ${target?.name ?? ''}?`,
      children:
        'Each feature of the file that is there already loses its segment and identity overrides in this environment.',
      action: 'Import and overwrite',
      destructive: true,
      onConfirm: send,
    })
  }
  return (
    <Stack gap="sm" mb="md" maw={620}>
      <Group gap="xs" align="end">
        <FileInput
          label="File"
          placeholder="features.json"
          accept="application/json,.json"
          miw={240}
          clearable
          leftSection={<IconUpload size={15} aria-hidden />}
          value={file}
          onChange={setFile}
        />
        <Select
          label="Into"
          allowDeselect={false}
          data={environments.map(({ api_key, name }) => ({ value: api_key, label: name }))}
          value={target?.api_key ?? null}
          onChange={setInto}
        />
        <Button disabled={!file || !target} loading={begin.isPending} onClick={submit}>
          Import the file
        </Button>
      </Group>
      <Radio.Group
        label="Features that are there already"
        value={strategy}
        onChange={(next) => setStrategy(next === 'SKIP' ? 'SKIP' : 'OVERWRITE_DESTRUCTIVE')}
      >
        <Stack gap={6} mt={4}>
          {Object.entries(STRATEGIES).map(([value, [label, about]]) => (
            <Radio key={value} value={value} label={label} description={about} />
          ))}
        </Stack>
      </Radio.Group>
      <Problem text={begin.error && messageOf(begin.error)} />
    </Stack>
  )
}

const SHOWN = 3

function problemsOf({ problems }: FeatureImport): string | null {
  if (!problems || problems.length === 0) return null
  const told = problems.slice(0, SHOWN).map(({ feature, why }) => (feature ? `${feature}: ${why}` : why))
  const rest = problems.length - SHOWN
  return told.join(' ') + (rest > 0 ? ` And ${plural(rest, 'more problem')}.` : '')
}

function outcomeOf({ outcome }: FeatureImport): string {
  const told = Object.entries(outcome ?? {}).filter(([, amount]) => amount > 0)
  return told.map(([what, amount]) => `${amount} ${what}`).join(', ') || '–'
}
