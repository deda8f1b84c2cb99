import { auditOf } from '@/data/audit'
import type { ProjectId } from '@/lib/ids'
import { useProjectVariants } from '@/widgets/variant-names'
import { AuditRow } from './audit-row'
import { queryFrom, type AuditSearch, type OnSearch } from './audit-search'
import { LinesByDay } from './lines-by-day'

interface AuditListProps {
  project: ProjectId
  search: AuditSearch
  onSearch: OnSearch
}

/** What was changed in a project. */
export function AuditList({ project, search, onSearch }: AuditListProps) {
  const variants = useProjectVariants(project)
  return (
    <LinesByDay
      question={auditOf(project, queryFrom(search), search.page ?? 1)}
      search={search}
      onSearch={onSearch}
      counted="change"
      nothing="Every change of this project will stand here, with who made it and what it was before."
      row={(line) => <AuditRow key={line.id} project={project} line={line} variants={variants} />}
    />
  )
}
