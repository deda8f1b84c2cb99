import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { me } from '@/data/account'
import { newsOf } from '@/data/audit'
import { onEnvironmentChange, readProjectAgain } from '@/data/live'
import type { ProjectId } from '@/lib/ids'
import { notifyNews } from '@/ui/notify'
import { newsWords } from './audit-words'
import { useCan } from './can'

/** The log is written a moment after the change; by then it should be there. */
const WRITTEN_BY_THEN = 3_000

/** What all its changes are told with when they are served. */
const SERVED = new Set(['FEATURE_STATE', 'EF_VERSION', 'IDENTITY'])

/** Says who changed what when it was somebody else; nothing to those who may not read the audit log. */
export function LiveNews({ project }: { project: ProjectId }) {
  return useCan('VIEW_AUDIT_LOG', { project }) ? <News project={project} /> : null
}

function News({ project }: { project: ProjectId }) {
  const queryClient = useQueryClient()
  const { data: person } = useQuery(me)
  const { data: news, refetch } = useQuery(newsOf(project))
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const look = () => {
      timer = undefined
      void refetch()
    }
    const forget = onEnvironmentChange(() => {
      timer ??= setTimeout(look, WRITTEN_BY_THEN)
    })
    return () => {
      clearTimeout(timer)
      forget()
    }
  }, [refetch])
  useEffect(() => {
    if (!news || news.lines.length === 0) return
    queryClient.setQueryData(newsOf(project).queryKey, { ...news, lines: [] })
    const words = newsWords(news.lines, person?.id)
    if (words) notifyNews(words)
    // Nobody tells of a tag, an owner or a new environment as of what is served.
    if (news.lines.some((line) => !SERVED.has(line.related_object_type)))
      void readProjectAgain(queryClient, project)
  }, [queryClient, project, person, news])
  return null
}
