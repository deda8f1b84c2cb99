import { ActionIcon, Button, CloseButton, Group, Popover, Stack, Text, TextInput } from '@mantine/core'
import { IconCheck } from '@tabler/icons-react'
import { cloneElement, useState, type ReactElement } from 'react'
import type { FlagSearch } from './flag-search'
import { forgetView, isShown, savedViews, saveView, toView, type Shelf } from './saved-views'

interface ViewsMenuProps {
  shelf: Shelf
  search: FlagSearch
  onSearch: (changes: Partial<FlagSearch>) => void
  /** What the views hang below. */
  children: ReactElement<{ onClick: () => void }>
}

/** Searches under names: open one, keep the one of now. Opens as soon as it is there. */
export default function ViewsMenu({ shelf, search, onSearch, children }: ViewsMenuProps) {
  const [isOpen, setOpen] = useState(true)
  const [views, setViews] = useState(() => savedViews(shelf))
  const [name, setName] = useState('')
  const keep = () => {
    if (!name.trim()) return
    setViews(saveView(shelf, { name: name.trim(), search }))
    setName('')
  }
  return (
    <Popover opened={isOpen} onChange={setOpen} position="bottom-start" shadow="md" trapFocus width={280}>
      <Popover.Target>{cloneElement(children, { onClick: () => setOpen(!isOpen) })}</Popover.Target>
      <Popover.Dropdown>
        <Stack gap="xs">
          {views.length === 0 && (
            <Text size="sm" c="dimmed">
              Search, filter and sort the list, then keep it here under a name.
            </Text>
          )}
          {views.map((view) => (
            <Group key={view.name} gap={4} wrap="nowrap">
              <Button
                flex={1}
                miw={0}
                size="compact-sm"
                variant={isShown(view, search) ? 'light' : 'subtle'}
                justify="flex-start"
                onClick={() => {
                  onSearch(toView(view))
                  setOpen(false)
                }}
              >
                {view.name}
              </Button>
              <CloseButton
                size="sm"
                aria-label={`Forget the view ${view.name}`}
                onClick={() => setViews(forgetView(shelf, view.name))}
              />
            </Group>
          ))}
          <form
            onSubmit={(event) => {
              event.preventDefault()
              keep()
            }}
          >
            <Group gap={4} wrap="nowrap">
              <TextInput
                flex={1}
                size="xs"
                aria-label="Name for this view"
                placeholder="Keep this view as…"
                maxLength={60}
                value={name}
                onChange={(event) => setName(event.currentTarget.value)}
              />
              <ActionIcon type="submit" size={30} aria-label="Keep this view" disabled={!name.trim()}>
                <IconCheck size={16} />
              </ActionIcon>
            </Group>
          </form>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  )
}
