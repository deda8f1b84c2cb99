import { ActionIcon, Menu } from '@mantine/core'
import { IconArchive, IconArchiveOff, IconArrowsDiff, IconDots, IconTrash } from '@tabler/icons-react'
import { Link, useNavigate } from '@tanstack/react-router'
import { useChangeFeature, useDeleteFeature, type FeatureInFull } from '@/data/flag'
import { confirm } from '@/ui/confirm'
import { notifyDone } from '@/ui/notify'
import { useCan } from '@/widgets/can'
import { useEnvironment, useProject } from '@/widgets/use-environment'

/** What is seldom done with a flag. */
export function FlagMenu({ feature }: { feature: FeatureInFull }) {
  const project = useProject()
  const environment = useEnvironment()
  const navigate = useNavigate()
  const change = useChangeFeature(project.id, feature.id)
  const remove = useDeleteFeature(project.id, feature.id)
  const mayEdit = useCan('EDIT_FEATURE', { project: project.id })
  const mayDelete = useCan('DELETE_FEATURE', { project: project.id })
  const archive = (is_archived: boolean, isUndo = false) =>
    change.mutate(
      { is_archived },
      {
        onSuccess: () =>
          notifyDone({
            message: `${feature.name} is ${is_archived ? 'archived' : 'no longer archived'}`,
            ...(!isUndo && { onUndo: () => archive(!is_archived, true) }),
          }),
      },
    )
  const askToDelete = () =>
    confirm({
      title: `Delete ${feature.name}?`,
      action: 'Delete the feature',
      destructive: true,
      typed: feature.name,
      children:
        'It goes from all environments, with its values, rules and variants. Applications that ask for it get what they fall back to.',
      onConfirm: () =>
        remove.mutate(undefined, {
          onSuccess: () => {
            notifyDone({ message: `${feature.name} is deleted` })
            void navigate({
              to: '/project/$projectId/environment/$environmentKey/features',
              params: { projectId: String(project.id), environmentKey: environment.api_key },
              ignoreBlocker: true,
            })
          },
        }),
    })
  const Archive = feature.is_archived ? IconArchiveOff : IconArchive
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon size={30} variant="default" aria-label={`More about ${feature.name}`}>
          <IconDots size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          leftSection={<IconArrowsDiff size={15} />}
          renderRoot={(props) => (
            <Link
              to="/project/$projectId/compare"
              params={{ projectId: String(project.id) }}
              search={{ feature: feature.id }}
              {...props}
            />
          )}
        >
          Compare and promote
        </Menu.Item>
        {mayEdit && (
          <Menu.Item leftSection={<Archive size={15} />} onClick={() => archive(!feature.is_archived)}>
            {feature.is_archived ? 'Take out of the archive' : 'Archive'}
          </Menu.Item>
        )}
        {mayDelete && (
          <Menu.Item color="var(--negative)" leftSection={<IconTrash size={15} />} onClick={askToDelete}>
            Delete…
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  )
}
