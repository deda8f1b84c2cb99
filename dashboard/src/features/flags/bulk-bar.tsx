import { Button, Group, Menu, Paper, Text } from '@mantine/core'
import { IconArchive, IconCopy, IconTag, IconToggleLeft, IconToggleRight } from '@tabler/icons-react'
import { Suspense, useState } from 'react'
import { useSuspenseQuery } from '@tanstack/react-query'
import { tagsOf, type Tag } from '@/data/features'
import { useChangeRows, type FlagRow, type RowChanges } from '@/data/matrix'
import type { Environment, Project } from '@/data/places'
import { plural } from '@/lib/format'
import { confirm } from '@/ui/confirm'
import { notifyDone } from '@/ui/notify'
import { part } from '@/ui/part'
import { useCan } from '@/widgets/can'
import { isProtected } from '@/widgets/environment-colour'
import { EnvironmentName } from '@/widgets/environment-dot'
import { useChangeable, type Cells } from './use-cells'

const CopyDialog = part(() => import('./copy-dialog'))

interface BulkBarProps {
  project: Project
  environment: Environment
  environments: readonly Environment[]
  cells: Cells
  isMatrix: boolean
  rows: readonly FlagRow[]
  onDone: () => void
}

/** What can be done with several features at once; there as long as some are chosen. */
export default function BulkBar(props: BulkBarProps) {
  const { project, environment, environments, rows, onDone } = props
  const changeable = useChangeable(project, environments)
  const [copyTo, setCopyTo] = useState<Environment | null>(null)
  const mayEdit = useCan('CREATE_FEATURE', { project: project.id })
  const targets = environments.filter(({ id }) => id !== environment.id && changeable.has(id))
  return (
    <Paper withBorder shadow="md" p="xs" role="region" aria-label="Chosen features">
      <Group gap="xs">
        <Text size="sm" fw={500} mr="xs" aria-live="polite">
          {plural(rows.length, 'feature')} chosen
        </Text>
        <States {...props} changeable={changeable} />
        {mayEdit && <Describe {...props} />}
        {targets.length > 0 && (
          <Menu position="top-start">
            <Menu.Target>
              <Button variant="default" leftSection={<IconCopy size={15} />}>
                Copy to…
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Label>As they are in {environment.name}, to</Menu.Label>
              {targets.map((target) => (
                <Menu.Item key={target.id} onClick={() => setCopyTo(target)}>
                  <EnvironmentName environment={target} />
                </Menu.Item>
              ))}
            </Menu.Dropdown>
          </Menu>
        )}
        <Button variant="subtle" ml="auto" onClick={onDone}>
          Choose none
        </Button>
      </Group>
      {copyTo && (
        <Suspense fallback={null}>
          <CopyDialog
            project={project.id}
            from={environment}
            to={copyTo}
            features={rows.map(({ id }) => id)}
            onClose={() => setCopyTo(null)}
          />
        </Suspense>
      )}
    </Paper>
  )
}

interface StatesProps extends BulkBarProps {
  changeable: ReturnType<typeof useChangeable>
}

function States({ environment, environments, changeable, cells, isMatrix, rows }: StatesProps) {
  const places = (isMatrix ? environments : [environment]).filter(({ id }) => changeable.has(id))
  const set = (place: Environment, enabled: boolean) => {
    const verb = enabled ? 'on' : 'off'
    const changing = rows.filter((row) => row.states[place.id]?.enabled === !enabled)
    const name = plural(changing.length, 'feature')
    const act = () =>
      cells.save(
        changing.map(({ id }) => ({ feature: id, environment: place, enabled })),
        `${name} turned ${verb} in ${place.name}`,
      )
    if (changing.length === 0) notifyDone({ message: `They are all ${verb} in ${place.name} already` })
    else if (!isProtected(place)) act()
    else
      confirm({
        title: `Turn ${name} ${verb} in ${place.name}?`,
        action: `Turn ${verb} in ${place.name}`,
        children: `For everybody without an override: ${namesOf(changing)}.`,
        onConfirm: act,
      })
  }
  if (places.length === 0) return null
  return [true, false].map((enabled) => {
    const icon = enabled ? <IconToggleRight size={15} /> : <IconToggleLeft size={15} />
    const label = enabled ? 'Enable' : 'Disable'
    const [only] = places
    if (places.length === 1 && only)
      return (
        <Button key={label} variant="default" leftSection={icon} onClick={() => set(only, enabled)}>
          {label}
        </Button>
      )
    return (
      <Menu key={label} position="top-start">
        <Menu.Target>
          <Button variant="default" leftSection={icon}>
            {label} in…
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {places.map((place) => (
            <Menu.Item key={place.id} onClick={() => set(place, enabled)}>
              <EnvironmentName environment={place} />
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
    )
  })
}

/** Tags and the archive. */
function Describe({ project, rows, onDone }: BulkBarProps) {
  const { data: tags } = useSuspenseQuery(tagsOf(project.id))
  const { mutate } = useChangeRows(project.id)
  const change = (
    message: string,
    changed: (row: FlagRow) => RowChanges,
    back: (row: FlagRow) => RowChanges,
    after?: () => void,
  ) => {
    const undo = rows.map((row) => ({ feature: row.id, body: back(row) }))
    const onSuccess = () => {
      notifyDone({ message, onUndo: () => mutate(undo) })
      after?.()
    }
    mutate(
      rows.map((row) => ({ feature: row.id, body: changed(row) })),
      { onSuccess },
    )
  }
  const tag = (chosen: Tag) => {
    const has = rows.every((row) => row.tags.some(({ id }) => id === chosen.id))
    const others = (row: FlagRow) => row.tags.map(({ id }) => id).filter((id) => id !== chosen.id)
    change(
      `${has ? 'Took' : 'Put'} ${chosen.label} ${has ? 'off' : 'on'} ${plural(rows.length, 'feature')}`,
      (row) => ({ tags: has ? others(row) : [...others(row), chosen.id] }),
      (row) => ({ tags: row.tags.map(({ id }) => id) }),
    )
  }
  const isArchived = rows.every((row) => row.is_archived)
  const archive = () => {
    change(
      `${plural(rows.length, 'feature')} ${isArchived ? 'taken out of' : 'moved to'} the archive`,
      () => ({ is_archived: !isArchived }),
      (row) => ({ is_archived: row.is_archived }),
      onDone,
    )
  }
  return (
    <>
      {tags.length > 0 && (
        <Menu position="top-start" closeOnItemClick={false}>
          <Menu.Target>
            <Button variant="default" leftSection={<IconTag size={15} />}>
              Tag
            </Button>
          </Menu.Target>
          <Menu.Dropdown mah={320} style={{ overflowY: 'auto' }}>
            {tags.map((each) => (
              <Menu.CheckboxItem
                key={each.id}
                checked={rows.every((row) => row.tags.some(({ id }) => id === each.id))}
                onChange={() => tag(each)}
              >
                {each.label}
              </Menu.CheckboxItem>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
      <Button variant="default" leftSection={<IconArchive size={15} />} onClick={archive}>
        {isArchived ? 'Unarchive' : 'Archive'}
      </Button>
    </>
  )
}

const NAMED = 8

function namesOf(rows: readonly FlagRow[]): string {
  const names = rows.slice(0, NAMED).map(({ name }) => name)
  return rows.length > NAMED ? `${names.join(', ')} and ${rows.length - NAMED} more` : names.join(', ')
}
