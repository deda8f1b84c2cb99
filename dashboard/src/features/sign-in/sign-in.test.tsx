import { screen } from '@testing-library/react'
import { http, HttpResponse } from 'msw'
import { expect, test } from 'vitest'
import type { Door } from '@/data/sign-in'
import { network } from '@/testing/network'
import { renderApp } from '@/testing/render-app'

const PASSWORD: Door = {
  method: 'password',
  key: 'password',
  name: 'Password',
  start_url: null,
  client_id: null,
}
const SAML: Door = { ...PASSWORD, method: 'saml', key: 'saml', name: 'Single sign-on (SAML)' }
const KEYCLOAK: Door = {
  ...PASSWORD,
  method: 'oidc',
  key: 'oidc:1',
  name: 'Keycloak',
  start_url: 'https://x/start/',
}

function signInWith(...doors: Door[]) {
  const app = renderApp('/login', { isSignedOut: true })
  network.use(http.get('*/auth/methods/', () => HttpResponse.json(doors)))
  return app
}

test('only what is set up is offered', async () => {
  signInWith(PASSWORD, KEYCLOAK)
  expect(await screen.findByRole('button', { name: 'Continue with Keycloak' })).toBeVisible()
  expect(screen.getByLabelText('E-mail')).toBeVisible()
  expect(screen.queryByRole('button', { name: /Single sign-on|passkey|GitHub|Google/ })).toBeNull()
})

test('where passwords are not allowed there are no fields for one', async () => {
  signInWith(SAML)
  expect(await screen.findByRole('button', { name: 'Single sign-on' })).toBeVisible()
  expect(screen.queryByLabelText('Password')).toBeNull()
})

test('an account with a passkey alone is asked for it after the password', async () => {
  const { user } = signInWith(PASSWORD)
  network.use(
    http.post('*/auth/login/', () => HttpResponse.json({ ephemeral_token: 't', method: 'passkey' })),
  )
  await user.type(await screen.findByLabelText('E-mail'), 'ada@example.com')
  await user.click(screen.getByRole('button', { name: 'Sign in' }))
  expect(await screen.findByRole('heading', { name: 'Use your passkey' })).toBeVisible()
  await user.click(screen.getByRole('button', { name: 'Start again' }))
  expect(await screen.findByLabelText('E-mail')).toBeVisible()
})

test('people of a domain without passwords see what they have before they send one', async () => {
  const { user } = signInWith(PASSWORD, KEYCLOAK)
  const asked: (string | null)[] = []
  network.use(
    http.get('*/auth/methods/', ({ request }) => {
      const email = new URL(request.url).searchParams.get('email')
      asked.push(email)
      return HttpResponse.json(email === '@acme.com' ? [SAML] : [PASSWORD, KEYCLOAK])
    }),
  )
  await user.type(await screen.findByLabelText('E-mail'), 'ada@acme.com')
  expect(await screen.findByText('People of acme.com sign in without a password here.')).toBeVisible()
  expect(screen.getByRole('button', { name: 'Single sign-on' })).toBeVisible()
  expect(screen.queryByLabelText('Password')).toBeNull()
  expect(screen.queryByRole('button', { name: 'Continue with Keycloak' })).toBeNull()
  expect(asked.every((email) => email === null || !email.includes('ada'))).toBe(true)

  await user.click(screen.getByRole('button', { name: 'Emergency access with a password' }))
  expect(screen.getByLabelText('Password')).toBeVisible()
})

test('a password that a browser filled in is not sent where none is taken', async () => {
  const { user } = signInWith(PASSWORD)
  let sent = 0
  network.use(
    http.get('*/auth/methods/', ({ request }) =>
      HttpResponse.json(new URL(request.url).searchParams.has('email') ? [SAML] : [PASSWORD]),
    ),
    http.post('*/auth/login/', () => {
      sent += 1
      return HttpResponse.json({ key: 'k' })
    }),
  )
  const field = await screen.findByLabelText('E-mail')
  await user.click(field)
  await user.paste('ada@acme.com')
  await user.click(screen.getByRole('button', { name: 'Sign in' }))
  expect(await screen.findByRole('button', { name: 'Single sign-on' })).toBeVisible()
  expect(sent).toBe(0)
})

test('an empty server that was opened by a name it was not given says how it is set up', async () => {
  const { user } = renderApp('/', { isSignedOut: true })
  const told = { detail: 'Set DJANGO_ALLOWED_HOSTS.', code: 'host_unnamed' }
  network.use(
    http.get('*/version/', () => HttpResponse.json({ burgee: '1', self_hosted_data: { has_users: false } })),
    http.post('*/auth/users/', () => HttpResponse.json(told, { status: 403 })),
  )
  await user.type(await screen.findByLabelText('First name'), 'Ada')
  await user.type(screen.getByLabelText('Last name'), 'L')
  await user.type(screen.getByLabelText('E-mail'), 'ada@example.com')
  await user.type(screen.getByLabelText('Password'), 'correct horse battery')
  await user.click(screen.getByRole('button', { name: 'Create the administrator' }))
  expect(await screen.findByRole('heading', { name: 'This server does not know its name' })).toBeVisible()
  expect(screen.getByText(`DJANGO_ALLOWED_HOSTS=${location.hostname}`)).toBeVisible()
})
