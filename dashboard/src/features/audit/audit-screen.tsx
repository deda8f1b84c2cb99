import { Button, Menu } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useMemo } from 'react'
import { auditFile } from '@/data/audit'
import type { Project } from '@/data/places'
import { Page } from '@/ui/page'
import { Screen } from '@/widgets/screen'
import { useShortcuts } from '@/widgets/shortcuts'
import { useProject } from '@/widgets/use-environment'
import { AuditFilters } from './audit-filters'
import { AuditList } from './audit-list'
import { queryFrom, type AuditSearch, type OnSearch } from './audit-search'

interface AuditScreenProps {
  search: AuditSearch
  onSearch: OnSearch
}

/** What was changed in the project, by whom, from what to what. */
export function AuditScreen({ search, onSearch }: AuditScreenProps) {
  const project = useProject()
  useShortcuts(useMemo(() => [{ keys: '/', about: 'Search the audit log', run: focusSearch }], []))
  const narrow: OnSearch = (changes) => onSearch({ page: undefined, ...changes })
  return (
    <Page title="Audit log" of={project.name} actions={<Export project={project} search={search} />}>
      <AuditFilters project={project} search={search} onSearch={narrow} />
      <Screen what="the audit log">
        <AuditList project={project.id} search={search} onSearch={onSearch} />
      </Screen>
    </Page>
  )
}

function Export({ project, search }: { project: Project; search: AuditSearch }) {
  const query = queryFrom(search)
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default" leftSection={<IconDownload size={16} />}>
          Export
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>All lines that fit the filters</Menu.Label>
        <Menu.Item component="a" href={auditFile(project.id, query, 'csv')} download>
          CSV, for spreadsheets
        </Menu.Item>
        <Menu.Item component="a" href={auditFile(project.id, query, 'jsonl')} download>
          JSON lines, for scripts
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

function focusSearch() {
  document.getElementById('audit-search')?.focus()
}
