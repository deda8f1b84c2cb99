import { Button, Code, Pagination, SegmentedControl, Table } from '@mantine/core'
import { IconArrowLeft } from '@tabler/icons-react'
import { useQuery, useSuspenseQuery } from '@tanstack/react-query'
import { Fragment, useState } from 'react'
import type { Place } from '@/data/permissions'
import {
  deliveriesOf,
  pagesOf,
  useRedeliver,
  webhooksOf,
  type Delivery,
  type DeliveryStatus,
} from '@/data/webhooks'
import { Badge, type Tone } from '@/ui/badge'
import { notifyDone } from '@/ui/notify'
import { Page } from '@/ui/page'
import { EmptyState } from '@/ui/states'
import { Moment } from '@/widgets/moment'
import { Screen } from '@/widgets/screen'

const STATES: Record<DeliveryStatus, readonly [string, Tone]> = {
  PENDING: ['on its way', 'neutral'],
  DELIVERED: ['delivered', 'positive'],
  DEAD: ['given up', 'negative'],
}

const FILTERS = [
  { value: 'all', label: 'All' },
  { value: 'DELIVERED', label: 'Delivered' },
  { value: 'PENDING', label: 'On their way' },
  { value: 'DEAD', label: 'Given up' },
]

interface DeliveriesProps {
  place: Place
  hook: number
  of: string | undefined
  onLeave: () => void
}

/** What was sent to one address, what it answered, and sending it again. */
export function Deliveries({ place, hook, of, onLeave }: DeliveriesProps) {
  const { data: hooks } = useQuery(webhooksOf(place))
  const [filter, setFilter] = useState('all')
  const [page, setPage] = useState(1)
  const status = filter === 'DELIVERED' || filter === 'PENDING' || filter === 'DEAD' ? filter : null
  return (
    <Page
      title="Deliveries"
      of={of}
      about={hooks?.find(({ id }) => id === hook)?.url}
      actions={
        <Button variant="default" leftSection={<IconArrowLeft size={15} />} onClick={onLeave}>
          All webhooks
        </Button>
      }
    >
      <SegmentedControl
        size="xs"
        mb="xs"
        aria-label="Which deliveries"
        data={FILTERS}
        value={filter}
        onChange={(next) => {
          setFilter(next)
          setPage(1)
        }}
      />
      <Screen what="the deliveries">
        <DeliveryList place={place} hook={hook} status={status} page={page} onPage={setPage} />
      </Screen>
    </Page>
  )
}

interface DeliveryListProps {
  place: Place
  hook: number
  status: DeliveryStatus | null
  page: number
  onPage: (page: number) => void
}

function DeliveryList({ place, hook, status, page, onPage }: DeliveryListProps) {
  const { data } = useSuspenseQuery(deliveriesOf(place, { hook, status, page }))
  const redeliver = useRedeliver(place, hook)
  const [open, setOpen] = useState<number | null>(null)
  if (data.count === 0)
    return (
      <EmptyState title={status === 'DEAD' ? 'Nothing was given up' : 'Nothing here'}>
        Each change is sent once; what fails is tried again for a while, then given up and kept here.
      </EmptyState>
    )
  const again = ({ id }: Delivery) =>
    redeliver.mutate(id, { onSuccess: () => notifyDone({ message: 'It is being sent again' }) })
  return (
    <div style={{ overflowX: 'auto' }}>
      <Table verticalSpacing={6} aria-label="Deliveries">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Event</Table.Th>
            <Table.Th>State</Table.Th>
            <Table.Th>Answer</Table.Th>
            <Table.Th>Tries</Table.Th>
            <Table.Th>When</Table.Th>
            <Table.Th aria-label="Actions" />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {data.results.map((row) => (
            <Fragment key={row.id}>
              <Row
                delivery={row}
                isOpen={open === row.id}
                onOpen={() => setOpen(open === row.id ? null : row.id)}
                onAgain={() => again(row)}
              />
              {open === row.id && (
                <Table.Tr>
                  <Table.Td colSpan={6}>
                    <Code block>{JSON.stringify(row.data, null, 2)}</Code>
                  </Table.Td>
                </Table.Tr>
              )}
            </Fragment>
          ))}
        </Table.Tbody>
      </Table>
      {pagesOf(data.count) > 1 && (
        <Pagination size="sm" mt="sm" total={pagesOf(data.count)} value={page} onChange={onPage} />
      )}
    </div>
  )
}

interface RowProps {
  delivery: Delivery
  isOpen: boolean
  onOpen: () => void
  onAgain: () => void
}

function Row({ delivery, isOpen, onOpen, onAgain }: RowProps) {
  const [word, tone] = STATES[delivery.status]
  const { answer_status, latency_ms, error } = delivery
  return (
    <Table.Tr>
      <Table.Td>
        <Button variant="transparent" size="compact-sm" px={0} aria-expanded={isOpen} onClick={onOpen}>
          {delivery.event_type}
        </Button>
      </Table.Td>
      <Table.Td>
        <Badge tone={tone}>{word}</Badge>
      </Table.Td>
      <Table.Td>
        {answer_status ?? (error || '–')}
        {latency_ms !== null && answer_status !== null && ` in ${latency_ms} ms`}
      </Table.Td>
      <Table.Td>{delivery.attempts}</Table.Td>
      <Table.Td>
        <Moment at={delivery.tried_at ?? delivery.created_at} />
      </Table.Td>
      <Table.Td ta="right">
        {delivery.status !== 'PENDING' && (
          <Button variant="default" size="compact-xs" onClick={onAgain}>
            Send again
          </Button>
        )}
      </Table.Td>
    </Table.Tr>
  )
}
