import { screen, waitFor, within } from '@testing-library/react'
import { http, HttpResponse } from 'msw'
import { expect, test } from 'vitest'
import type { Rule } from '@/data/segment-rules'
import { network } from '@/testing/network'
import { renderApp } from '@/testing/render-app'

const condition = (value: string) => ({
  id: 1,
  operator: 'EQUAL',
  property: 'plan',
  value,
  description: null,
})

function aSegment(id: number, name: string, value = 'pro') {
  return {
    id,
    name,
    uuid: `u${id}`,
    description: '',
    project: 1,
    feature: null,
    rules: [{ id: 1, type: 'ALL', rules: [], conditions: [condition(value)] }],
    unusable_patterns: {},
    metadata: [],
    managed_by: '',
    created_at: '2026-01-01T00:00:00Z',
    updated_at: '2026-01-01T00:00:00Z',
  }
}

const page = (results: object[]) => HttpResponse.json({ count: results.length, next: null, results })

/** The API of segments over a list of them; keeps what was sent. */
function segmentsAre(...segments: ReturnType<typeof aSegment>[]) {
  const sent: { rules?: Rule[] }[] = []
  network.use(
    http.get('*/projects/:id/segments/', () => page(segments)),
    http.get('*/projects/:id/segments/:segment/', ({ params }) =>
      HttpResponse.json(segments.find(({ id }) => String(id) === params['segment'])),
    ),
    http.patch('*/projects/:id/segments/:segment/', async ({ request }) => {
      sent.push((await request.json()) as { rules?: Rule[] })
      return HttpResponse.json(segments[0])
    }),
    http.get('*/segments/:segment/associated-features/', () => page([{ id: 1, feature: 1, environment: 1 }])),
    http.get('*/trait-keys/', () => HttpResponse.json({ keys: ['plan'] })),
    http.get('*/metadata/fields/', () => page([])),
    http.get('*/identities/', () => page([])),
    http.post('*/explain/', () => HttpResponse.json({ identity: null, flags: [], segments: [] })),
    http.post('*/segments/preview/', () =>
      HttpResponse.json({ examined: 10, total: 10, matching: 3, samples: [], segment: null }),
    ),
  )
  return sent
}

test('a segment is a sentence, and is found by it', async () => {
  const { user } = renderApp('/project/1/segments')
  segmentsAre(aSegment(1, 'Payers', 'pro'), aSegment(2, 'Triers', 'free'))

  await user.type(await screen.findByRole('textbox', { name: 'Search the segments' }), 'free')

  expect(await screen.findByTitle('plan is free')).toBeVisible()
  expect(screen.queryByText('Payers')).not.toBeInTheDocument()
  expect(await screen.findByText('1 flag')).toBeVisible()
})

test('a changed rule is sent with its number, once it is complete', async () => {
  const { user } = renderApp('/project/1/segments/1')
  const sent = segmentsAre(aSegment(1, 'Payers'))

  const value = await screen.findByRole('textbox', { name: 'Value' })
  await waitFor(() => expect(value).toBeEnabled())
  await user.clear(value)
  await user.type(value, 'team')
  expect(screen.getByLabelText('In one sentence')).toHaveTextContent('plan is team')
  const bar = await screen.findByRole('region', { name: 'Unsaved changes' })
  await user.click(within(bar).getByRole('button', { name: 'Save the segment' }))

  expect(await screen.findByText('Payers is saved')).toBeVisible()
  expect(sent[0]?.rules?.[0]?.conditions[0]).toMatchObject({ id: 1, value: 'team' })
})

test('deleting says which flags lose what they say about it', async () => {
  const { user } = renderApp('/project/1/segments')
  segmentsAre(aSegment(1, 'Payers'))

  await user.click(await screen.findByRole('button', { name: 'More about Payers' }))
  await user.click(await screen.findByRole('menuitem', { name: 'Delete', hidden: true }))

  const dialog = await screen.findByRole('dialog')
  expect(within(dialog).getByRole('listitem')).toHaveTextContent('in Production')
  expect(within(dialog).getByRole('button', { name: 'Delete the segment' })).toBeDisabled()
})
