import { screen, within } from '@testing-library/react'
import { http, HttpResponse } from 'msw'
import { expect, test, vi } from 'vitest'
import { aFeature, anEnvironment } from '@/testing/builders'
import { network } from '@/testing/network'
import { renderApp } from '@/testing/render-app'

const PATH = '/project/1/environment/prod/features'

test('a switch answers at once and offers to take it back', async () => {
  const { user, world } = renderApp(PATH, { features: [aFeature({ name: 'dark_mode' })] })

  await user.click(await screen.findByRole('switch', { name: 'dark_mode in Production' }))

  expect(screen.getByRole('switch', { name: 'dark_mode in Production' })).toBeChecked()
  await user.click(await screen.findByRole('button', { name: 'Undo' }))
  expect(await screen.findByText('Taken back')).toBeVisible()
  expect(world.features[0]?.environment_feature_state?.enabled).toBe(false)
})

test('a switch reads its own row again, not all of them', async () => {
  const [feature, other] = [aFeature({ name: 'dark_mode' }), aFeature({ name: 'checkout' })]
  const { user } = renderApp(PATH, { features: [feature, other] })
  const dark = await screen.findByRole('switch', { name: 'dark_mode in Production' })
  const asked: string[] = []
  network.events.on('request:start', ({ request }) => {
    if (request.url.includes('flag-matrix')) asked.push(new URL(request.url).search)
  })

  await user.click(dark)
  await screen.findByText('dark_mode is on in Production')

  await vi.waitFor(() => expect(asked).toEqual([`?ids=${feature.id}`]))
  expect(dark).toBeChecked()
})

test('a switch that the server refuses goes back and says why', async () => {
  const { user } = renderApp(PATH, { features: [aFeature({ name: 'dark_mode' })] })
  network.use(http.post('*/save/', () => HttpResponse.json({ detail: 'Not today.' }, { status: 403 })))

  await user.click(await screen.findByRole('switch', { name: /dark_mode/ }))

  expect(await screen.findByText('Not today.')).toBeVisible()
  expect(screen.getByRole('switch', { name: /dark_mode/ })).not.toBeChecked()
})

test('a protected environment asks first, with what will happen', async () => {
  const environments = [anEnvironment({ minimum_change_request_approvals: 1 })]
  const { user } = renderApp(PATH, { environments, features: [aFeature({ name: 'dark_mode' })] })

  await user.click(await screen.findByRole('switch', { name: /dark_mode/ }))

  const dialog = await screen.findByRole('dialog')
  expect(within(dialog).getByText(/on for everybody/)).toBeVisible()
  await user.click(within(dialog).getByRole('button', { name: 'Turn on in Production' }))
  expect(await screen.findByText('dark_mode is on in Production')).toBeVisible()
})

test('whoever may not change it sees a switch that does not move', async () => {
  renderApp(PATH, {
    features: [aFeature()],
    permissions: { admin: false, permissions: ['VIEW_ENVIRONMENT'] },
  })
  expect(await screen.findByRole('switch')).toBeDisabled()
})

test('the search is in the address', async () => {
  const features = [aFeature({ name: 'dark_mode' }), aFeature({ name: 'checkout' })]
  const { user, router } = renderApp(PATH, { features })

  await user.type(await screen.findByRole('textbox', { name: 'Search the features' }), 'check')

  expect(screen.queryByText('dark_mode')).not.toBeInTheDocument()
  await vi.waitFor(() => expect(router.state.location.search).toEqual({ search: 'check' }))
})

test('a filter that is set while the text still waits keeps both', async () => {
  const features = [aFeature({ name: 'dark_mode' }), aFeature({ name: 'checkout' })]
  const { user, router } = renderApp(PATH, { features })

  await user.type(await screen.findByRole('textbox', { name: 'Search the features' }), 'dark')
  await user.click(screen.getByRole('button', { name: 'Not evaluated for 30 days' }))

  await vi.waitFor(() => expect(router.state.location.search).toEqual({ search: 'dark', unused: 30 }))
  await user.clear(screen.getByRole('textbox', { name: 'Search the features' }))
  await vi.waitFor(() => expect(router.state.location.search).toEqual({ unused: 30 }))
  expect(screen.getByText('checkout')).toBeVisible()
})

test('an empty list says what to do next', async () => {
  const { user } = renderApp(PATH)
  await user.click(await screen.findByRole('button', { name: 'Create the first feature' }))
  expect(await screen.findByRole('dialog', { name: 'New feature' })).toBeVisible()
})

test('what could not be loaded says so and can be tried again', async () => {
  const { user } = renderApp(PATH, { features: [aFeature({ name: 'dark_mode' })] })
  network.use(
    http.get(
      '*/api/v1/projects/:id/flag-matrix/',
      () => HttpResponse.json({ detail: 'Broken.' }, { status: 500 }),
      { once: true },
    ),
  )

  expect(await screen.findByText('Could not load the features')).toBeVisible()
  await user.click(screen.getByRole('button', { name: 'Try again' }))
  expect(await screen.findByText('dark_mode')).toBeVisible()
})
