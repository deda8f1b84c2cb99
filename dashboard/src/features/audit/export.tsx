import { Button, Menu } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import type { FileKind } from '@/data/audit'

/** The lines of the page as a file; `file` says where one is. */
export function Export({ file }: { file: (kind: FileKind) => string }) {
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default" leftSection={<IconDownload size={16} />}>
          Export
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>All lines that fit the filters</Menu.Label>
        <Menu.Item component="a" href={file('csv')} download>
          CSV, for spreadsheets
        </Menu.Item>
        <Menu.Item component="a" href={file('jsonl')} download>
          JSON lines, for scripts
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
