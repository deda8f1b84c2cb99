import { ActionIcon, Alert, Button, Group, Menu, Modal, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useDisclosure } from '@mantine/hooks'
import { IconCopy, IconDots, IconTrash } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { featuresOf } from '@/data/features'
import { environmentsOf } from '@/data/places'
import { usageOf, useCloneSegment, useDeleteSegment, type Segment } from '@/data/segments'
import { showErrors } from '@/lib/form-errors'
import { confirm } from '@/ui/confirm'
import { notifyDone } from '@/ui/notify'
import { useCan } from '@/widgets/can'

/** Copy or delete a segment; absent for those who may do neither. */
export function SegmentMenu({ segment }: { segment: Segment }) {
  const may = useCan('MANAGE_SEGMENTS', { project: segment.project })
  const [isCopying, dialog] = useDisclosure(false)
  const remove = useRemoval(segment)
  if (!may) return null
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon aria-label={`More about ${segment.name}`}>
            <IconDots size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconCopy size={15} />} onClick={dialog.open}>
            Make a copy
          </Menu.Item>
          <Menu.Item
            color="var(--negative)"
            leftSection={<IconTrash size={15} />}
            onClick={() => void remove()}
          >
            Delete
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Modal opened={isCopying} onClose={dialog.close} title={`Copy of ${segment.name}`}>
        <CopyForm segment={segment} onClose={dialog.close} />
      </Modal>
    </>
  )
}

function CopyForm({ segment, onClose }: { segment: Segment; onClose: () => void }) {
  const navigate = useNavigate()
  const copy = useCloneSegment(segment.project)
  const [problem, setProblem] = useState<string | null>(null)
  const form = useForm({
    initialValues: { name: `${segment.name} copy` },
    validate: { name: (name) => (name.trim() === '' ? 'Name the segment.' : null) },
  })
  const submit = form.onSubmit(({ name }) =>
    copy.mutate(
      { segment: segment.id, name: name.trim() },
      {
        onSuccess: (made) => {
          onClose()
          notifyDone({ message: `${made.name} is there; no flag uses it yet` })
          void navigate({
            to: '/project/$projectId/segments/$segmentId',
            params: { projectId: String(made.project), segmentId: String(made.id) },
          })
        },
        onError: (error) => setProblem(showErrors(form, error)),
      },
    ),
  )
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="sm">
        {problem && (
          <Alert color="red" variant="light" role="alert">
            {problem}
          </Alert>
        )}
        <TextInput data-autofocus label="Name" autoComplete="off" {...form.getInputProps('name')} />
        <Group justify="flex-end">
          <Button type="submit" loading={copy.isPending}>
            Make the copy
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

/** Asks with the flags that lose an override, and where; leaves the page of the segment before it is gone. */
function useRemoval(segment: Segment) {
  const queryClient = useQueryClient()
  const navigate = useNavigate()
  const { mutateAsync } = useDeleteSegment(segment.project)
  return async () => {
    const affected = await affectedBy(queryClient, segment)
    confirm({
      title: `Delete ${segment.name}?`,
      action: 'Delete the segment',
      destructive: true,
      ...(affected.length > 0 && { typed: segment.name }),
      children:
        affected.length === 0 ? (
          'No flag uses it.'
        ) : (
          <>
            These flags lose what they say about it, at once:
            <ul>
              {affected.map((line) => (
                <li key={line}>{line}</li>
              ))}
            </ul>
          </>
        ),
      onConfirm: () => {
        void navigate({
          to: '/project/$projectId/segments',
          params: { projectId: String(segment.project) },
          ignoreBlocker: true,
        }).then(async () => {
          await mutateAsync(segment.id)
          notifyDone({ message: `${segment.name} is gone` })
        })
      },
    })
  }
}

async function affectedBy(
  queryClient: ReturnType<typeof useQueryClient>,
  segment: Segment,
): Promise<string[]> {
  const [usage, environments] = await Promise.all([
    queryClient.query(usageOf(segment.project, segment.id)),
    queryClient.query(environmentsOf(segment.project)),
  ])
  const [first] = environments
  if (usage.length === 0 || !first) return []
  const features = await queryClient.query(featuresOf(segment.project, first.id))
  const places = new Map<string, string[]>()
  for (const { feature, environment } of usage) {
    const name = features.find(({ id }) => id === feature)?.name ?? 'A flag that you may not see'
    const place = environments.find(({ id }) => id === environment)?.name ?? 'another environment'
    places.set(name, [...(places.get(name) ?? []), place])
  }
  return [...places].map(([name, where]) => `${name} in ${where.join(', ')}`)
}
