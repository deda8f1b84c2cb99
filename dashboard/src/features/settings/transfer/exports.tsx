import { Button, Group, MultiSelect, Select } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useQuery, useSuspenseQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { tagsOf } from '@/data/features'
import { environmentsOf } from '@/data/places'
import { exportedFile, exportsOf, useExport, type FeatureExport } from '@/data/transfer'
import { messageOf } from '@/lib/errors'
import { idFrom, type TagId } from '@/lib/ids'
import { notifyFailed } from '@/ui/notify'
import { Moment } from '@/widgets/moment'
import { useProject } from '@/widgets/use-environment'
import { Block } from '../block'
import { Listing, type ListColumn } from '../listing'
import { TransferState } from './transfer-state'

export function Exports() {
  const { id: project } = useProject()
  const { data: environments } = useSuspenseQuery(environmentsOf(project))
  const { data: exports } = useSuspenseQuery(exportsOf(project))
  const { data: tags = [] } = useQuery(tagsOf(project))
  const [from, setFrom] = useState<string | null>(null)
  const [only, setOnly] = useState<string[]>([])
  const make = useExport(project)
  const source = environments.find(({ api_key }) => api_key === from) ?? environments[0]
  return (
    <Block title="Export">
      <Group align="end" gap="xs" mb="sm">
        <Select
          label="With the state in"
          allowDeselect={false}
          data={environments.map(({ api_key, name }) => ({ value: api_key, label: name }))}
          value={source?.api_key ?? null}
          onChange={setFrom}
        />
        {tags.length > 0 && (
          <MultiSelect
            label="Only features with a tag"
            placeholder={only.length === 0 ? 'All features' : ''}
            miw={200}
            data={tags.map(({ id, label }) => ({ value: String(id), label }))}
            value={only}
            onChange={setOnly}
          />
        )}
        <Button
          disabled={!source}
          loading={make.isPending}
          onClick={() =>
            source && make.mutate({ environment_id: source.id, tag_ids: only.map((id) => idFrom<TagId>(id)) })
          }
        >
          Make the file
        </Button>
      </Group>
      <Listing
        label="exports"
        rows={exports}
        rowKey={({ id }) => id}
        words={({ name }) => name}
        empty="No files yet. They are kept for 14 days."
        columns={COLUMNS}
      />
    </Block>
  )
}

const COLUMNS: readonly ListColumn<FeatureExport>[] = [
  { id: 'name', header: 'File', order: ({ name }) => name, cell: ({ name }) => name },
  {
    id: 'state',
    header: 'State',
    width: '220px',
    cell: ({ status, progress, error }) => (
      <TransferState status={status} progress={progress} problem={error} />
    ),
  },
  {
    id: 'made',
    header: 'Made',
    width: '130px',
    wide: true,
    order: ({ created_at }) => created_at,
    cell: ({ created_at }) => <Moment at={created_at} />,
  },
  {
    id: 'file',
    header: '',
    width: '130px',
    align: 'end',
    cell: (each) =>
      each.status === 'SUCCESS' && (
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconDownload size={14} />}
          onClick={() => void download(each)}
        >
          Download
        </Button>
      ),
  },
]

async function download({ id, name }: FeatureExport) {
  try {
    const file = new Blob([await exportedFile(id)], { type: 'application/json' })
    const link = document.createElement('a')
    link.href = URL.createObjectURL(file)
    link.download = `${name.replace(/[^\w.-]+/g, '-')}.json`
    link.click()
    URL.revokeObjectURL(link.href)
  } catch (error) {
    notifyFailed(messageOf(error))
  }
}
