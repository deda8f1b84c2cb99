import { IconBookmark } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { me } from '@/data/account'
import { usePaletteActions } from '@/widgets/palette-actions'
import { useProject } from '@/widgets/use-environment'
import type { FlagSearch } from './flag-search'
import { savedViews, toView } from './saved-views'

/** The saved views in the palette; those that are kept later come with the next visit of the page. */
export function useViewCommands(onSearch: (changes: Partial<FlagSearch>) => void): void {
  const { id: project } = useProject()
  const { data: person } = useQuery({ ...me, enabled: false })
  const views = useMemo(() => savedViews({ person: person?.email ?? '', project }), [person, project])
  usePaletteActions(
    useMemo(
      () =>
        views.map((view) => ({
          id: `view:${view.name}`,
          label: view.name,
          group: 'Saved views',
          icon: IconBookmark,
          run: () => onSearch(toView(view)),
        })),
      [views, onSearch],
    ),
  )
}
