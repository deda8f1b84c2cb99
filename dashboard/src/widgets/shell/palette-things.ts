import { useDebouncedValue } from '@mantine/hooks'
import { IconFlag, IconUser, IconUsersGroup } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useMemo } from 'react'
import { suggestedIdentities } from '@/data/identities'
import { flagRowsOf } from '@/data/matrix'
import { segmentsOf } from '@/data/segments'
import { environmentKeyFrom, idFrom, type ProjectId } from '@/lib/ids'
import type { PaletteAction } from '../palette-actions'
import type { CurrentPlace } from '../place'

const SHORTEST = 2
const PATIENCE = 150

/** The flags and segments of the project. */
export function useThings({ project, environment }: CurrentPlace): PaletteAction[] {
  const navigate = useNavigate()
  const id = project?.id ?? idFrom<ProjectId>('1')
  const isHere = project !== null && environment !== null
  const { data: flags } = useQuery({ ...flagRowsOf(id), enabled: isHere })
  const { data: segments } = useQuery({ ...segmentsOf(id), enabled: isHere })
  const key = environment?.api_key
  return useMemo(() => {
    if (!isHere || key === undefined) return []
    return [
      ...(flags?.rows ?? []).map((row) => ({
        id: `feature:${row.id}`,
        label: row.name,
        group: 'Features',
        icon: IconFlag,
        ...(row.description ? { about: row.description } : {}),
        run: () =>
          void navigate({
            to: '/project/$projectId/environment/$environmentKey/features/$featureId',
            params: { projectId: String(id), environmentKey: key, featureId: String(row.id) },
          }),
      })),
      ...(segments ?? []).map((segment) => ({
        id: `segment:${segment.id}`,
        label: segment.name,
        group: 'Segments',
        icon: IconUsersGroup,
        ...(segment.description ? { about: segment.description } : {}),
        run: () => void navigate({ to: `/project/${id}/segments/${segment.id}` }),
      })),
    ]
  }, [isHere, flags, segments, navigate, id, key])
}

/** The identities of the environment that have the text in their identifier. */
export function useIdentities({ project, environment }: CurrentPlace, query: string): PaletteAction[] {
  const navigate = useNavigate()
  const [text] = useDebouncedValue(query.trim(), PATIENCE)
  const id = project?.id ?? idFrom<ProjectId>('1')
  const key = environment?.api_key ?? environmentKeyFrom('')
  const { data = [] } = useQuery({
    ...suggestedIdentities(id, key, text),
    enabled: project !== null && environment !== null && text.length >= SHORTEST,
    retry: false,
  })
  return data.map((identity) => ({
    id: `identity:${identity.id}`,
    label: identity.identifier,
    group: 'Identities',
    icon: IconUser,
    run: () =>
      void navigate({
        to: `/project/${id}/environment/${key}/users/${encodeURIComponent(identity.identifier)}/${identity.id}`,
      }),
  }))
}
