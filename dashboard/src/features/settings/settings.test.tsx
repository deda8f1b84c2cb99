import { screen, within } from '@testing-library/react'
import { http, HttpResponse } from 'msw'
import { expect, test } from 'vitest'
import { network } from '@/testing/network'
import { renderApp } from '@/testing/render-app'

const ADA = { id: 1, email: 'ada@example.com', first_name: 'Ada', last_name: 'Lovelace', role: 'ADMIN' }
const BEN = { id: 2, email: 'ben@example.com', first_name: 'Ben', last_name: 'Ng', role: 'USER' }
const DATES = { last_login: null, date_joined: '2026-01-01T00:00:00Z' }

const page = (results: readonly object[]) => HttpResponse.json({ count: results.length, next: null, results })

function answerSettings() {
  network.use(
    http.get('*/organisations/:id/users/', () =>
      HttpResponse.json([ADA, BEN].map((person) => ({ ...person, ...DATES }))),
    ),
    http.get('*/auth/mfa/user-active-methods/', () => HttpResponse.json([])),
    http.get('*/auth/passkeys/', () => HttpResponse.json([])),
    http.get('*/users/me/:what/', () => HttpResponse.json([])),
    http.get('*/organisations/:id/invites/', () => page([])),
    http.get('*/organisations/:id/invite-links/', () => HttpResponse.json([])),
    http.get('*/organisations/:id/roles/', () => page([])),
    http.get('*/organisations/:id/users/:user/roles/', () => page([])),
    http.get('*/api/v1/:level/permissions/', ({ params }) =>
      HttpResponse.json([
        {
          key: params['level'] === 'environments' ? 'UPDATE_FEATURE_STATE' : 'VIEW_PROJECT',
          description: '',
        },
      ]),
    ),
    http.get('*/user-detailed-permissions/:user/', ({ request }) =>
      HttpResponse.json({
        admin: false,
        is_directly_granted: false,
        derived_from: { groups: [], roles: [] },
        permissions: request.url.includes('/environments/')
          ? [
              {
                permission_key: 'UPDATE_FEATURE_STATE',
                is_directly_granted: false,
                derived_from: { groups: [], roles: [{ id: 1, name: 'Release manager', tags: [] }] },
              },
            ]
          : [],
      }),
    ),
  )
}

test('what a member may do is shown with the role that gives it', async () => {
  const { user } = renderApp('/organisation/1/settings?tab=members')
  answerSettings()

  await user.click(await screen.findByRole('button', { name: /What Ben Ng may do/ }))

  const place = await screen.findByRole('region', { name: 'In Production' })
  expect(await within(place).findByText('role Release manager')).toBeVisible()
  expect(within(place).getByText('Change features')).toBeVisible()
})

test('the settings are searched by what they are about', async () => {
  const { user, router } = renderApp('/organisation/1/settings?tab=members')
  answerSettings()

  await user.type(await screen.findByRole('searchbox', { name: 'Search the settings' }), 'qr{Enter}')

  expect(await screen.findByRole('heading', { name: 'Security', level: 1 })).toBeVisible()
  expect(router.state.location.pathname).toBe('/account')
})

test('whoever does not administer the organisation sees the members, and nothing to change them with', async () => {
  renderApp('/organisation/1/settings?tab=members', { permissions: { admin: false, permissions: [] } })
  answerSettings()

  expect(await screen.findByText('Ben Ng')).toBeVisible()
  expect(screen.queryByRole('button', { name: 'Invite people' })).not.toBeInTheDocument()
  expect(screen.queryByRole('link', { name: 'API keys' })).not.toBeInTheDocument()
})

test('who needs a second factor is led to where one is set up', async () => {
  const { router } = renderApp('/organisation/1/settings?tab=members')
  answerSettings()
  const refusal = { detail: 'This organisation wants a second factor.', code: 'second_factor_needed' }
  network.use(http.get('*/organisations/:id/users/', () => HttpResponse.json(refusal, { status: 403 })))

  expect(await screen.findByText('Your organisation asks for a second factor')).toBeVisible()
  expect(await screen.findByRole('button', { name: 'Set up two-factor sign-in' })).toBeVisible()
  expect(router.state.location.pathname).toBe('/account')
})
