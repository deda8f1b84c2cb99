import { answered, ask } from '@/lib/api-client'
import type { ProjectId, TagId } from '@/lib/ids'
import { useAct } from './act'
import type { Tag } from './features'
import { keys } from './keys'

export interface TagDraft {
  label: string
  color: string
  description: string
  is_permanent: boolean
}

const tagsAt = (project: ProjectId) => `/api/v1/projects/${project}/tags/`

export function useSaveTag(project: ProjectId) {
  return useAct(
    ({ id, ...body }: TagDraft & { id: TagId | null }) =>
      answered<Tag>(
        id === null
          ? ask(tagsAt(project), { method: 'POST', body })
          : ask(`${tagsAt(project)}${id}/`, { method: 'PATCH', body }),
      ),
    { stale: [keys.tags(project)], quiet: true },
  )
}

export function useDeleteTag(project: ProjectId) {
  return useAct((id: TagId) => answered(ask(`${tagsAt(project)}${id}/`, { method: 'DELETE' })), {
    stale: [keys.tags(project), keys.features(project)],
  })
}
