import { Alert, Button, Group, Modal, Skeleton, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { PARTS, promotionOf, usePromote, type Difference } from '@/data/compare'
import type { Environment } from '@/data/places'
import { messageOf } from '@/lib/errors'
import { plural } from '@/lib/format'
import type { FeatureId, ProjectId } from '@/lib/ids'
import { ValueChip } from '@/ui/badge'
import { notifyDone } from '@/ui/notify'
import { OldNew } from '@/ui/old-new'

interface CopyDialogProps {
  project: ProjectId
  from: Environment
  to: Environment
  features: readonly FeatureId[]
  onClose: () => void
}

/** Copies flags to another environment, after showing what that changes there. */
export default function CopyDialog({ project, from, to, features, onClose }: CopyDialogProps) {
  const promotion = { from: from.api_key, to: to.api_key, features, parts: PARTS }
  const { data, error } = useQuery(promotionOf(project, promotion))
  const promote = usePromote(project)
  const problem = error ?? promote.error
  const differing = data?.features.filter(({ differences }) => differences.length > 0) ?? []
  const copy = () =>
    promote.mutate(promotion, {
      onSuccess: () => {
        notifyDone({ message: `${plural(differing.length, 'feature')} copied to ${to.name}` })
        onClose()
      },
    })
  return (
    <Modal opened onClose={onClose} title={`Copy from ${from.name} to ${to.name}`} size="lg">
      <Stack gap="sm">
        {problem && (
          <Alert color="red" variant="light" role="alert">
            {messageOf(problem)}
          </Alert>
        )}
        {!data && !error && <Skeleton height={80} role="status" aria-label="Loading" />}
        {data && differing.length === 0 && (
          <Text size="sm">They are the same in both; there is nothing to copy.</Text>
        )}
        {differing.map(({ feature, differences }) => (
          <div key={feature.id}>
            <Text size="sm" fw={500} ff="monospace">
              {feature.name}
            </Text>
            {differences.map((difference) => (
              <div key={`${difference.part}${difference.segment?.id ?? ''}${difference.field}`}>
                <OldNew
                  label={labelOf(difference)}
                  before={<ValueChip value={difference.to} />}
                  after={<ValueChip value={difference.from} />}
                />
              </div>
            ))}
          </div>
        ))}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button disabled={differing.length === 0} loading={promote.isPending} onClick={copy}>
            Copy to {to.name}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}

function labelOf({ segment, field }: Difference): string {
  return segment ? `${segment.name}: ${field}` : field
}
