import { Button, Group, Switch, Text } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useSuspenseQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useMemo } from 'react'
import { segmentsOf } from '@/data/segments'
import { plural } from '@/lib/format'
import { ListFrame } from '@/ui/list-frame'
import { Page } from '@/ui/page'
import { SearchBox } from '@/ui/search-box'
import { Can } from '@/widgets/can'
import { useListCommands } from '@/widgets/list-commands'
import { Screen } from '@/widgets/screen'
import { useProject } from '@/widgets/use-environment'
import { SegmentList } from './segment-list'
import { wanted, type SegmentSearch } from './segment-search'

interface SegmentListScreenProps {
  search: SegmentSearch
  onSearch: (changes: Partial<SegmentSearch>) => void
}

/** The segments of a project, each as a sentence with its use and its size. */
export function SegmentListScreen({ search, onSearch }: SegmentListScreenProps) {
  const project = useProject()
  const navigate = useNavigate()
  const create = useMemo(
    () => () =>
      void navigate({ to: '/project/$projectId/segments/new', params: { projectId: String(project.id) } }),
    [navigate, project.id],
  )
  useListCommands({ things: 'segments', one: 'a segment', searchBox: 'segment-search', create })
  return (
    <Page
      title="Segments"
      of={project.name}
      actions={
        <Can do="MANAGE_SEGMENTS" in={{ project: project.id }}>
          <Button leftSection={<IconPlus size={16} />} onClick={create}>
            New segment
          </Button>
        </Can>
      }
    >
      <ListFrame>
        <Screen what="the segments">
          <LoadedSegments search={search} onSearch={onSearch} onCreate={create} />
        </Screen>
      </ListFrame>
    </Page>
  )
}

function LoadedSegments({ search, onSearch, onCreate }: SegmentListScreenProps & { onCreate: () => void }) {
  const project = useProject()
  const { data: segments } = useSuspenseQuery(segmentsOf(project.id))
  const rows = useMemo(() => wanted(segments, search), [segments, search])
  const hasSpecific = segments.some(({ feature }) => feature !== null)
  return (
    <>
      <Group gap="xs" pb="xs">
        <SearchBox
          id="segment-search"
          label="Search the segments"
          placeholder="Name, description or rule"
          w={{ base: '100%', xs: 280 }}
          text={search.search}
          onText={(text) => onSearch({ search: text })}
        />
        {hasSpecific && (
          <Switch
            size="sm"
            label="Also those of one feature"
            checked={search.specific ?? false}
            onChange={(event) => onSearch({ specific: event.currentTarget.checked || undefined })}
          />
        )}
        <Text size="sm" c="dimmed" visibleFrom="xs" ml="auto">
          {plural(rows.length, 'segment')}
        </Text>
      </Group>
      <SegmentList {...{ rows, search, onSearch, onCreate }} isEmpty={segments.length === 0} />
    </>
  )
}
