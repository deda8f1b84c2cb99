import { serverLog, serverLogFile, type ServerLine } from '@/data/audit'
import { Page } from '@/ui/page'
import { Screen } from '@/widgets/screen'
import { ServerLogFilters } from './audit-filters'
import { LineRow } from './audit-row'
import { queryFrom, type AuditSearch, type OnSearch } from './audit-search'
import { Export } from './export'
import { LinesByDay } from './lines-by-day'
import { comerOf } from './model'
import classes from './audit.module.css'

interface ServerLogScreenProps {
  search: AuditSearch
  onSearch: OnSearch
}

/** What happened to accounts and to the rules of signing in, and who came that nobody knows: for superusers. */
export function ServerLogScreen({ search, onSearch }: ServerLogScreenProps) {
  const query = queryFrom(search)
  return (
    <Page
      title="Sign-ins and changes"
      of="This server"
      about="Every sign-in and every failure, known or not, what happened to accounts, and the rules of signing in."
      actions={<Export file={(kind) => serverLogFile(query, kind)} />}
    >
      <ServerLogFilters search={search} onSearch={(changes) => onSearch({ page: undefined, ...changes })} />
      <Screen what="the log">
        <LinesByDay
          question={serverLog(query, search.page ?? 1)}
          search={search}
          onSearch={onSearch}
          counted="line"
          nothing="Every sign-in will stand here."
          row={(line) => <ServerLogRow key={line.id} line={line} />}
        />
      </Screen>
    </Page>
  )
}

/** Lines name accounts by their number, so that people can be forgotten; the last column says whose that is now. */
function ServerLogRow({ line }: { line: ServerLine }) {
  const who = comerOf(line)
  const account = line.account === who.about ? '' : line.account
  return (
    <LineRow line={line} who={who} where={<span title={account}>{account}</span>}>
      <span className={classes['log-text']}>{line.log}</span>
    </LineRow>
  )
}
