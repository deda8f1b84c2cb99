import { IconFlask } from '@tabler/icons-react'
import { createFileRoute } from '@tanstack/react-router'
import { useCallback } from 'react'
import { PlaygroundScreen } from '@/features/playground/playground-screen'
import { playgroundSearch, type PlaygroundSearch } from '@/features/playground/playground-search'

export const Route = createFileRoute('/_app/project/$projectId/environment/$environmentKey/playground')({
  staticData: { nav: { label: 'Test as', icon: IconFlask, scope: 'environment', order: 25 } },
  validateSearch: playgroundSearch,
  component: PlaygroundRoute,
})

function PlaygroundRoute() {
  const navigate = Route.useNavigate()
  const onSearch = useCallback(
    (changes: Partial<PlaygroundSearch>) =>
      void navigate({ search: (before) => ({ ...before, ...changes }), replace: true }),
    [navigate],
  )
  return <PlaygroundScreen search={Route.useSearch()} onSearch={onSearch} />
}
