import { Button } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useSuspenseQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { tagsOf, type Tag } from '@/data/features'
import { useDeleteTag } from '@/data/tags'
import type { ProjectId } from '@/lib/ids'
import { Badge } from '@/ui/badge'
import { confirm } from '@/ui/confirm'
import { notifyDone } from '@/ui/notify'
import { Page } from '@/ui/page'
import { useCan } from '@/widgets/can'
import { Screen } from '@/widgets/screen'
import { Listing } from '../listing'
import { actionsColumn } from '../row-menu'
import { TagForm } from './tag-form'
import classes from './tags.module.css'

interface TagsProps {
  project: ProjectId
  name: string
}

export function Tags({ project, name }: TagsProps) {
  const [edited, edit] = useState<Tag | 'new' | null>(null)
  const mayManage = useCan('MANAGE_TAGS', { project })
  return (
    <Page
      title="Tags"
      of={name}
      about="Words to find features by. Roles can be limited to the features with a tag."
      actions={
        mayManage && (
          <Button leftSection={<IconPlus size={16} />} onClick={() => edit('new')}>
            New tag
          </Button>
        )
      }
    >
      <Screen what="the tags">
        <TagList project={project} mayManage={mayManage} onEdit={edit} />
      </Screen>
      {edited && (
        <TagForm project={project} tag={edited === 'new' ? null : edited} onClose={() => edit(null)} />
      )}
    </Page>
  )
}

interface TagListProps {
  project: ProjectId
  mayManage: boolean
  onEdit: (tag: Tag) => void
}

function TagList({ project, mayManage, onEdit }: TagListProps) {
  const { data: tags } = useSuspenseQuery(tagsOf(project))
  const remove = useDeleteTag(project)
  const drop = (tag: Tag) =>
    confirm({
      title: `Delete the tag ${tag.label}?`,
      children: 'Features lose it. What a role limits to this tag alone, it grants nothing for any more.',
      action: 'Delete the tag',
      destructive: true,
      onConfirm: () =>
        remove.mutate(tag.id, { onSuccess: () => notifyDone({ message: `${tag.label} was deleted` }) }),
    })
  return (
    <Listing
      label="tags"
      rows={tags}
      rowKey={({ id }) => id}
      words={({ label, description }) => `${label} ${description ?? ''}`}
      empty="No tags yet."
      columns={[
        {
          id: 'label',
          header: 'Tag',
          order: ({ label }) => label,
          cell: ({ label, color, is_permanent, is_system_tag }) => (
            <span className={classes['tag']}>
              <span className={classes['dot']} style={{ background: color }} aria-hidden />
              <strong>{label}</strong>
              {is_permanent && <Badge title="Features with it are never called stale">permanent</Badge>}
              {is_system_tag && <Badge title="Set by the server">of the system</Badge>}
            </span>
          ),
        },
        { id: 'about', header: 'Description', cell: ({ description }) => description || '–' },
        actionsColumn(
          (tag: Tag) => tag.label,
          (tag) =>
            mayManage && !tag.is_system_tag
              ? [
                  { label: 'Edit', onClick: () => onEdit(tag) },
                  { label: 'Delete…', onClick: () => drop(tag), destructive: true },
                ]
              : [],
        ),
      ]}
    />
  )
}
