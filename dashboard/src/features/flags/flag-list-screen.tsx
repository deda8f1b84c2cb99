import { useSuspenseQuery } from '@tanstack/react-query'
import { useDisclosure } from '@mantine/hooks'
import { Button, Group } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useMemo } from 'react'
import { featuresOf, tagsOf } from '@/data/features'
import { Page } from '@/ui/page'
import { Can } from '@/widgets/can'
import { usePaletteActions } from '@/widgets/palette-actions'
import { Screen } from '@/widgets/screen'
import { useShortcuts } from '@/widgets/shortcuts'
import { useEnvironment, useProject } from '@/widgets/use-environment'
import { CreateFeature } from './create-feature'
import { FlagFilters } from './flag-filters'
import { FlagList } from './flag-list'
import type { FlagSearch } from './flag-search'
import classes from './flag-list.module.css'

interface FlagListScreenProps {
  search: FlagSearch
  onSearch: (changes: Partial<FlagSearch>) => void
}

/** The features of one environment. */
export function FlagListScreen({ search, onSearch }: FlagListScreenProps) {
  const project = useProject()
  const environment = useEnvironment()
  const [isCreating, dialog] = useDisclosure(false)
  const { open } = dialog
  usePaletteActions(
    useMemo(
      () => [
        { id: 'create-feature', label: 'Create a feature', group: 'Actions', icon: IconPlus, run: open },
      ],
      [open],
    ),
  )
  useShortcuts(
    useMemo(
      () => [
        { keys: '/', about: 'Search the features', run: focusSearch },
        { keys: 'c', about: 'Create a feature', run: open },
      ],
      [open],
    ),
  )
  const create = (
    <Can do="CREATE_FEATURE" in={{ project: project.id }}>
      <Button leftSection={<IconPlus size={16} />} onClick={open}>
        New feature
      </Button>
    </Can>
  )
  return (
    <Page
      title="Features"
      of={`${environment.name} · ${project.name}`}
      actions={<Group gap="xs">{create}</Group>}
    >
      <div className={classes['screen']}>
        <Screen what="the features">
          <LoadedFlags search={search} onSearch={onSearch} onCreate={open} />
        </Screen>
      </div>
      <CreateFeature project={project} opened={isCreating} onClose={dialog.close} />
    </Page>
  )
}

function LoadedFlags({ search, onSearch, onCreate }: FlagListScreenProps & { onCreate: () => void }) {
  const project = useProject()
  const environment = useEnvironment()
  const { data: features } = useSuspenseQuery(featuresOf(project.id, environment.id))
  const { data: tags } = useSuspenseQuery(tagsOf(project.id))
  return (
    <>
      <FlagFilters search={search} onSearch={onSearch} tags={tags} total={features.length} />
      <FlagList
        {...{ features, tags, search, onSearch, onCreate }}
        project={project.id}
        environment={environment}
      />
    </>
  )
}

function focusSearch() {
  document.getElementById('feature-search')?.focus()
}
