import { Button, List, Stack } from '@mantine/core'
import { IconArrowBackUp } from '@tabler/icons-react'
import { useSuspenseQuery } from '@tanstack/react-query'
import { conflictIn, useRevert, type AuditLine, type RevertConflict } from '@/data/audit'
import { environmentsOf } from '@/data/places'
import { messageOf } from '@/lib/errors'
import type { ProjectId } from '@/lib/ids'
import { confirm } from '@/ui/confirm'
import { notifyDone, notifyFailed } from '@/ui/notify'
import { fieldName } from '@/widgets/audit-words'
import { isProtected } from '@/widgets/environment-colour'
import { Moment } from '@/widgets/moment'
import type { VariantNames } from '@/widgets/variant-names'
import { InlineChanges } from './line-changes'

interface RevertProps {
  project: ProjectId
  line: AuditLine
  variants: VariantNames
}

/** Takes a change back with one click; asks where people should think first, and when somebody changed it since. */
export function Revert({ project, line, variants }: RevertProps) {
  const revert = useRevert(project)
  const { data: environments } = useSuspenseQuery(environmentsOf(project))
  const environment = environments.find(({ id }) => id === line.environment?.id)
  if (!line.can_revert) return null
  const run = (force = false) =>
    revert.mutate(
      { line: line.id, force },
      {
        onSuccess: ({ changed }) =>
          notifyDone({ message: changed ? `Taken back: ${line.log}` : 'It is already as it was before.' }),
        onError: (error) => {
          const conflict = conflictIn(error)
          if (conflict) askDespite(conflict, variants, () => run(true))
          else notifyFailed(messageOf(error))
        },
      },
    )
  const start = () => {
    if (!environment || !isProtected(environment)) return run()
    confirm({
      title: `Take this back in ${environment.name}?`,
      action: `Revert in ${environment.name}`,
      children: (
        <Stack gap="xs">
          <span>{line.log}</span>
          <InlineChanges line={line} variants={variants} />
          <span>What is on the right goes back to what is on the left.</span>
        </Stack>
      ),
      onConfirm: run,
    })
  }
  return (
    <Button
      size="compact-sm"
      variant="subtle"
      leftSection={<IconArrowBackUp size={14} />}
      aria-label={`Revert: ${line.log}`}
      loading={revert.isPending}
      onClick={start}
    >
      Revert
    </Button>
  )
}

function askDespite({ fields, changes }: RevertConflict, variants: VariantNames, onConfirm: () => void) {
  confirm({
    title: 'Changed again since',
    action: 'Revert anyway',
    destructive: true,
    children: (
      <Stack gap="xs">
        <span>
          {fields.map((field) => fieldName(field, variants)).join(', ')} changed after this. To revert anyway
          overwrites what was done later:
        </span>
        <List size="sm">
          {changes.map(({ at, author }, place) => (
            <List.Item key={place}>
              {author || 'Somebody'}, <Moment at={at} />
            </List.Item>
          ))}
        </List>
      </Stack>
    ),
    onConfirm,
  })
}
