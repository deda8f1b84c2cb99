import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { me } from '@/data/account'
import { newestLineOf } from '@/data/audit'
import { onEnvironmentChange } from '@/data/live'
import type { Environment } from '@/data/places'
import type { ProjectId } from '@/lib/ids'
import { notifyNews } from '@/ui/notify'

/** Says who changed what when it was somebody else; silent for whoever may not read the audit log. */
export function useLiveNews(project: ProjectId | null): void {
  const queryClient = useQueryClient()
  useEffect(() => {
    if (project === null) return
    const told = new Set<number>()
    const tell = async (environment: Environment) => {
      const [person, line] = await Promise.all([
        queryClient.query({ ...me, staleTime: 'static' }),
        queryClient.query(newestLineOf(project, environment.id)).catch(() => null),
      ])
      if (!line || told.has(line.id) || line.author_kind === 'system') return
      told.add(line.id)
      if (line.author?.id === person?.id && line.author_kind !== 'api_key') return
      const name = line.author
        ? `${line.author.first_name} ${line.author.last_name}`.trim() || line.author.email
        : line.author_label
      notifyNews({ title: `${name ?? 'Somebody'} in ${environment.name}`, message: line.log })
    }
    return onEnvironmentChange((environment) => void tell(environment))
  }, [queryClient, project])
}
