import { MultiSelect } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useChangeOwners, type FeatureInFull } from '@/data/flag'
import { groupsOf } from '@/data/groups'
import { membersOf, nameOf } from '@/data/members'
import { notifyDone } from '@/ui/notify'
import { useProject } from '@/widgets/use-environment'
import { ownersChange } from './owners-change'

/** The people and groups who answer for the flag. */
export function Owners({ feature, mayEdit }: { feature: FeatureInFull; mayEdit: boolean }) {
  const project = useProject()
  const { data: members = [] } = useQuery(membersOf(project.organisation))
  const { data: groups = [] } = useQuery(groupsOf(project.organisation))
  const { mutate } = useChangeOwners(project.id, feature.id)
  // Owners who are not among those that one may see are shown all the same.
  const people = [
    ...feature.owners,
    ...members.filter(({ id }) => !feature.owners.some((each) => each.id === id)),
  ]
  const teams = [
    ...feature.group_owners,
    ...groups.filter(({ id }) => !feature.group_owners.some((each) => each.id === id)),
  ]
  const chosen = [
    ...feature.owners.map(({ id }) => `user-${id}`),
    ...feature.group_owners.map(({ id }) => `group-${id}`),
  ]
  return (
    <MultiSelect
      size="xs"
      label="Owners"
      placeholder={chosen.length === 0 ? 'Nobody' : ''}
      searchable
      readOnly={!mayEdit}
      data={[
        { group: 'People', items: people.map((each) => ({ value: `user-${each.id}`, label: nameOf(each) })) },
        { group: 'Groups', items: teams.map(({ id, name }) => ({ value: `group-${id}`, label: name })) },
      ]}
      value={chosen}
      onChange={(next) =>
        mutate(ownersChange(chosen, next), {
          onSuccess: () => notifyDone({ message: 'The owners are saved' }),
        })
      }
    />
  )
}
