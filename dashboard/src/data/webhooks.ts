import { queryOptions } from '@tanstack/react-query'
import { answered, ask, type Page } from '@/lib/api-client'
import { useAct } from './act'
import { addressOf, keyOf, type Place } from './permissions'

export interface Webhook {
  id: number
  url: string
  enabled: boolean
  secret: string
  created_at: string
  /** Since when nothing is sent, because too many deliveries failed. */
  paused_at: string | null
}

export type DeliveryStatus = 'PENDING' | 'DELIVERED' | 'DEAD'

/** One message to one address. */
export interface Delivery {
  id: number
  uuid: string
  event_type: string
  status: DeliveryStatus
  created_at: string
  attempts: number
  tried_at: string | null
  answer_status: number | null
  latency_ms: number | null
  error: string
  data: unknown
}

const hooksAt = (place: Place) => `${addressOf(place)}/webhooks/`
const hooksKey = (place: Place) => [...keyOf(place), 'webhooks'] as const

export const webhooksOf = (place: Place) =>
  queryOptions({
    queryKey: hooksKey(place),
    queryFn: async ({ signal }) => {
      const told = await answered<Page<Webhook> | Webhook[]>(ask(hooksAt(place), { signal }))
      return Array.isArray(told) ? told : told.results
    },
  })

const PAGE_SIZE = 50

export const deliveriesOf = (
  place: Place,
  { hook, status, page }: { hook: number; status: DeliveryStatus | null; page: number },
) =>
  queryOptions({
    queryKey: [...hooksKey(place), hook, 'deliveries', status, page] as const,
    queryFn: ({ signal }) =>
      answered<Page<Delivery>>(
        ask(
          `${hooksAt(place)}${hook}/deliveries/?page=${page}&page_size=${PAGE_SIZE}${status ? `&status=${status}` : ''}`,
          { signal },
        ),
      ),
    refetchInterval: ({ state }) =>
      state.data?.results.some((delivery) => delivery.status === 'PENDING') ? 2_000 : false,
  })

export const pagesOf = (count: number) => Math.max(1, Math.ceil(count / PAGE_SIZE))

export interface WebhookDraft {
  url: string
  secret: string
  enabled: boolean
}

export function useSaveWebhook(place: Place) {
  return useAct(
    ({ id, ...body }: Partial<WebhookDraft> & { id: number | null }) =>
      answered<Webhook>(
        id === null
          ? ask(hooksAt(place), { method: 'POST', body })
          : ask(`${hooksAt(place)}${id}/`, { method: 'PATCH', body }),
      ),
    { stale: [hooksKey(place)], quiet: true },
  )
}

export function useDeleteWebhook(place: Place) {
  return useAct((id: number) => answered(ask(`${hooksAt(place)}${id}/`, { method: 'DELETE' })), {
    stale: [hooksKey(place)],
  })
}

export function useResumeWebhook(place: Place) {
  return useAct((id: number) => answered(ask(`${hooksAt(place)}${id}/resume/`, { method: 'POST' })), {
    stale: [hooksKey(place)],
  })
}

export function useRedeliver(place: Place, hook: number) {
  return useAct(
    (delivery: number) =>
      answered(ask(`${hooksAt(place)}${hook}/deliveries/${delivery}/redeliver/`, { method: 'POST' })),
    { stale: [hooksKey(place)] },
  )
}

/** Sends a sample to an address that need not be saved. */
export function useTryWebhook(place: Place) {
  const scope =
    'environment' in place
      ? { type: 'environment', id: place.environment }
      : { type: 'organisation', id: 'organisation' in place ? String(place.organisation) : '' }
  return useAct(
    ({ url, secret }: Pick<WebhookDraft, 'url' | 'secret'>) =>
      answered<{ detail: string; status: number }>(
        ask('/api/v1/webhooks/test/', { method: 'POST', body: { webhook_url: url, secret, scope } }),
      ),
    { stale: [], quiet: true },
  )
}
