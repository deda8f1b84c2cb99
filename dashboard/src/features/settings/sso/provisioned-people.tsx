import { Pagination, Table } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { PEOPLE_OF_A_PAGE, provisionedIn, type ProvisionedPerson } from '@/data/scim'
import { messageOf } from '@/lib/errors'
import { plural } from '@/lib/format'
import type { OrganisationId } from '@/lib/ids'
import { Badge } from '@/ui/badge'
import { SearchBox } from '@/ui/search-box'
import { FailedState, ListSkeleton } from '@/ui/states'
import { Moment } from '@/widgets/moment'
import { Block } from '../block'
import listing from '../listing.module.css'
import { Who } from '../who'

/** Searched and paged by the server: a company may be large. */
export function ProvisionedPeople({ organisation }: { organisation: OrganisationId }) {
  const [text, setText] = useState<string>()
  const [page, setPage] = useState(1)
  const [search] = useDebouncedValue(text?.trim() ?? '', 200)
  const { data, error, refetch } = useQuery({
    ...provisionedIn(organisation, { search, page }),
    placeholderData: keepPreviousData,
  })
  return (
    <Block title="Provisioned people" about="Whom your directory added here, or has changed since.">
      <div className={listing['tools']}>
        <SearchBox
          size="xs"
          w={240}
          label="Search provisioned people"
          placeholder="Search"
          text={text}
          onText={(wanted) => {
            setText(wanted)
            setPage(1)
          }}
        />
        <span className={listing['count']} role="status">
          {data && plural(data.count, 'person', 'people')}
        </span>
      </div>
      {error && (
        <FailedState what="the provisioned people" reason={messageOf(error)} onRetry={() => void refetch()} />
      )}
      {!data && !error && <ListSkeleton rows={3} />}
      {data && <People people={data.results} none={search ? `Nobody fits “${search}”.` : 'Nobody yet.'} />}
      {data && data.count > PEOPLE_OF_A_PAGE && (
        <Pagination
          size="sm"
          mt="sm"
          total={Math.ceil(data.count / PEOPLE_OF_A_PAGE)}
          value={page}
          onChange={setPage}
        />
      )}
    </Block>
  )
}

function People({ people, none }: { people: readonly ProvisionedPerson[]; none: string }) {
  if (people.length === 0) return <p className={listing['empty']}>{none}</p>
  return (
    <div className={listing['scroller']}>
      <Table
        className={listing['table'] ?? ''}
        verticalSpacing={7}
        horizontalSpacing={8}
        aria-label="provisioned people"
      >
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Person</Table.Th>
            <Table.Th>State</Table.Th>
            <Table.Th data-wide>External id</Table.Th>
            <Table.Th data-wide>Changed</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {people.map((person) => (
            <Table.Tr key={person.id}>
              <Table.Td>
                <Who person={person} />
              </Table.Td>
              <Table.Td>
                {person.is_active ? <Badge tone="positive">active</Badge> : <Badge>suspended</Badge>}
              </Table.Td>
              <Table.Td data-wide>{person.external_id && <code>{person.external_id}</code>}</Table.Td>
              <Table.Td data-wide>
                <Moment at={person.changed_at} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  )
}
