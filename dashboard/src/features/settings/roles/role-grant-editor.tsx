import { useQuery, useSuspenseQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { tagsOf } from '@/data/features'
import { roleGrantIn, useSaveRoleGrant, type RolePlace } from '@/data/roles'
import { idFrom, type OrganisationId, type ProjectId } from '@/lib/ids'
import { notifyDone } from '@/ui/notify'
import { ListSkeleton } from '@/ui/states'
import { useCan } from '@/widgets/can'
import { SaveBar } from '@/widgets/save-bar'
import { Screen } from '@/widgets/screen'
import { differences } from '../differences'
import { PermissionSwitches, type Rights } from '../permission-switches'

interface RoleGrantEditorProps {
  organisation: OrganisationId
  role: number
  place: RolePlace
  /** Whose tags may limit the rights. */
  project: ProjectId | null
}

export function RoleGrantEditor(props: RoleGrantEditorProps) {
  return (
    <Screen what="what the role grants" waiting={<ListSkeleton rows={3} />}>
      <Editor {...props} />
    </Screen>
  )
}

function Editor({ organisation, role, place, project }: RoleGrantEditorProps) {
  const { data: saved } = useSuspenseQuery(roleGrantIn(organisation, role, place))
  const { data: tags = [] } = useQuery({ ...tagsOf(project ?? idFrom('1')), enabled: project !== null })
  const isAdmin = useCan('ADMINISTER', { organisation })
  const save = useSaveRoleGrant(organisation, role, place)
  const [draft, setDraft] = useState<Rights | null>(null)
  const rights = draft ?? saved
  return (
    <fieldset disabled={!isAdmin} style={{ border: 0, margin: 0, padding: 0, minInlineSize: 0 }}>
      <PermissionSwitches
        level={place.level}
        rights={rights}
        onChange={setDraft}
        tags={project === null ? null : tags}
      />
      <SaveBar
        changes={draft ? differences(saved, draft) : 0}
        action="Save the role"
        saving={save.isPending}
        onDiscard={() => setDraft(null)}
        onSave={() =>
          save.mutate(
            { id: saved.id, ...rights },
            {
              onSuccess: () => {
                setDraft(null)
                notifyDone({ message: 'The role was saved' })
              },
            },
          )
        }
      />
    </fieldset>
  )
}
