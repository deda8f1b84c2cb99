import { Button, CloseButton, Group, Switch, Text, TextInput } from '@mantine/core'
import { IconPlus, IconSearch } from '@tabler/icons-react'
import { useSuspenseQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useMemo } from 'react'
import { segmentsOf } from '@/data/segments'
import { plural } from '@/lib/format'
import { Page } from '@/ui/page'
import { Can } from '@/widgets/can'
import { usePaletteActions } from '@/widgets/palette-actions'
import { Screen } from '@/widgets/screen'
import { useShortcuts } from '@/widgets/shortcuts'
import { useProject } from '@/widgets/use-environment'
import { SegmentList } from './segment-list'
import { wanted, type SegmentSearch } from './segment-search'
import classes from './segments.module.css'

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
  usePaletteActions(
    useMemo(
      () => [
        { id: 'create-segment', label: 'Create a segment', group: 'Actions', icon: IconPlus, run: create },
      ],
      [create],
    ),
  )
  useShortcuts(
    useMemo(
      () => [
        { keys: '/', about: 'Search the segments', run: focusSearch },
        { keys: 'c', about: 'Create a segment', run: create },
      ],
      [create],
    ),
  )
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
      <div className={classes['screen']}>
        <Screen what="the segments">
          <LoadedSegments search={search} onSearch={onSearch} onCreate={create} />
        </Screen>
      </div>
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
        <TextInput
          id="segment-search"
          aria-label="Search the segments"
          placeholder="Name, description or rule"
          w={{ base: '100%', xs: 280 }}
          leftSection={<IconSearch size={15} />}
          value={search.search ?? ''}
          onChange={(event) => onSearch({ search: event.currentTarget.value || undefined })}
          onKeyDown={(event) => event.key === 'Escape' && onSearch({ search: undefined })}
          rightSection={
            search.search ? (
              <CloseButton
                size="sm"
                aria-label="Clear the search"
                onClick={() => onSearch({ search: undefined })}
              />
            ) : null
          }
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

function focusSearch() {
  document.getElementById('segment-search')?.focus()
}
