import { queryOptions } from '@tanstack/react-query'
import { answered, ask, type Page } from '@/lib/api-client'
import type { OrganisationId, ProjectId } from '@/lib/ids'
import { useAct } from './act'
import { keys } from './keys'

export type FieldType = 'str' | 'multiline_str' | 'int' | 'bool' | 'url'
export type FieldKind = 'feature' | 'segment' | 'environment'

/** The numbers by which the API names what can have fields, and where they are required. */
export const CONTENT_TYPES = { environment: 1, feature: 2, segment: 3, organisation: 4, project: 5 } as const

export interface Requirement {
  content_type: number
  object_id: number
}

export interface FieldUse {
  id: number
  content_type: number
  is_required_for: Requirement[]
}

/** A custom field; of the whole organisation when it has no project. */
export interface CustomField {
  id: number
  name: string
  type: FieldType
  description: string | null
  organisation: OrganisationId
  project: ProjectId | null
  model_fields: FieldUse[]
}

/** All fields of the organisation and its projects. */
export const customFieldsOf = (organisation: OrganisationId) =>
  queryOptions({
    queryKey: keys.customFields(organisation),
    queryFn: async ({ signal }) =>
      (
        await answered<Page<CustomField>>(
          ask(`/api/v1/metadata/fields/?organisation=${organisation}`, { signal }),
        )
      ).results,
  })

export interface FieldDraft {
  name: string
  type: FieldType
  description: string
  /** Which kinds have the field, and whether it must have a value there. */
  uses: Readonly<Record<FieldKind, 'no' | 'optional' | 'required'>>
}

const KINDS: readonly FieldKind[] = ['feature', 'segment', 'environment']

/** Makes or changes a field, then attaches it where the draft says. */
export function useSaveField(organisation: OrganisationId, project: ProjectId | null) {
  return useAct(
    async ({ field, draft }: { field: CustomField | null; draft: FieldDraft }) => {
      const { name, type, description } = draft
      const facts = { name, type, description }
      const saved = await answered<CustomField>(
        field
          ? ask(`/api/v1/metadata/fields/${field.id}/`, { method: 'PATCH', body: facts })
          : ask('/api/v1/metadata/fields/', { method: 'POST', body: { ...facts, organisation, project } }),
      )
      for (const kind of KINDS) await attach(saved, field, kind, draft.uses[kind])
      return saved
    },
    { stale: [keys.customFields(organisation)], quiet: true },
  )

  async function attach(saved: CustomField, before: CustomField | null, kind: FieldKind, wish: string) {
    const list = `/api/v1/organisations/${organisation}/metadata-model-fields/`
    const there = before?.model_fields.find(({ content_type }) => content_type === CONTENT_TYPES[kind])
    if (wish === 'no') {
      if (there) await answered(ask(`${list}${there.id}/`, { method: 'DELETE' }))
      return
    }
    const everywhere =
      saved.project === null
        ? { content_type: CONTENT_TYPES.organisation, object_id: organisation }
        : { content_type: CONTENT_TYPES.project, object_id: saved.project }
    const body = { is_required_for: wish === 'required' ? [everywhere] : [] }
    if (!there) {
      const attached = { field: saved.id, content_type: CONTENT_TYPES[kind], ...body }
      await answered(ask(list, { method: 'POST', body: attached }))
    } else if (there.is_required_for.length > 0 !== (wish === 'required')) {
      await answered(ask(`${list}${there.id}/`, { method: 'PATCH', body }))
    }
  }
}

export function useDeleteField(organisation: OrganisationId) {
  return useAct((id: number) => answered(ask(`/api/v1/metadata/fields/${id}/`, { method: 'DELETE' })), {
    stale: [keys.customFields(organisation)],
  })
}
