import { useMemo } from 'react'
import { auditFile } from '@/data/audit'
import { Page } from '@/ui/page'
import { Screen } from '@/widgets/screen'
import { useShortcuts } from '@/widgets/shortcuts'
import { useProject } from '@/widgets/use-environment'
import { AuditFilters } from './audit-filters'
import { AuditList } from './audit-list'
import { queryFrom, type AuditSearch, type OnSearch } from './audit-search'
import { Export } from './export'

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
    <Page
      title="Audit log"
      of={project.name}
      actions={<Export file={(kind) => auditFile(project.id, queryFrom(search), kind)} />}
    >
      <AuditFilters project={project} search={search} onSearch={narrow} />
      <Screen what="the audit log">
        <AuditList project={project.id} search={search} onSearch={onSearch} />
      </Screen>
    </Page>
  )
}

function focusSearch() {
  document.getElementById('audit-search')?.focus()
}
