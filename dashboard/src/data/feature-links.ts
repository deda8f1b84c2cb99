import { queryOptions } from '@tanstack/react-query'
import type { components } from '@/generated/api'
import { answered, api } from '@/lib/api-client'
import type { FeatureId, ProjectId } from '@/lib/ids'
import { useAct } from './act'
import { keys } from './keys'

/** A ticket, a pull request or a document that belongs to a feature; the `title` in its metadata is what people read. */
export type FeatureLink = components['schemas']['FeatureLinkJson']
export type LinkKind = FeatureLink['type']

const linksKey = (project: ProjectId, feature: FeatureId) =>
  [...keys.features(project), 'links', feature] as const

const within = (project: ProjectId, feature: FeatureId) => ({ project_id: project, feature_id: feature })

/** The links of the feature, the oldest first. */
export const linksOf = (project: ProjectId, feature: FeatureId) =>
  queryOptions({
    queryKey: linksKey(project, feature),
    queryFn: async ({ signal }) => {
      const { results } = await answered<{ results: FeatureLink[] }>(
        api.GET('/api/v1/projects/{project_id}/features/{feature_id}/feature-external-resources/', {
          params: { path: within(project, feature) },
          signal,
        }),
      )
      return results
    },
  })

/** A link to come; where there is no type, the server tells it from the URL. */
export type LinkDraft = Pick<FeatureLink, 'url' | 'metadata'> & { type?: LinkKind }

export function useAddLink(project: ProjectId, feature: FeatureId, { quiet = false } = {}) {
  return useAct(
    (body: LinkDraft) =>
      answered<FeatureLink>(
        api.POST('/api/v1/projects/{project_id}/features/{feature_id}/feature-external-resources/', {
          params: { path: within(project, feature) },
          body,
        }),
      ),
    { stale: [linksKey(project, feature)], quiet },
  )
}

/** What is noted about a link; its URL stays. */
export function useNoteLink(project: ProjectId, feature: FeatureId) {
  return useAct(
    ({ id, metadata }: Pick<FeatureLink, 'id' | 'metadata'>) =>
      answered<FeatureLink>(
        api.PATCH(
          '/api/v1/projects/{project_id}/features/{feature_id}/feature-external-resources/{link_id}/',
          { params: { path: { ...within(project, feature), link_id: id } }, body: { metadata } },
        ),
      ),
    { stale: [linksKey(project, feature)], quiet: true },
  )
}

export function useRemoveLink(project: ProjectId, feature: FeatureId) {
  return useAct(
    (id: number) =>
      answered(
        api.DELETE(
          '/api/v1/projects/{project_id}/features/{feature_id}/feature-external-resources/{link_id}/',
          { params: { path: { ...within(project, feature), link_id: id } } },
        ),
      ),
    { stale: [linksKey(project, feature)] },
  )
}
