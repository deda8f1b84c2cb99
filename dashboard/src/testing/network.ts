import { http, HttpResponse } from 'msw'
import { setupServer } from 'msw/node'
import type { Feature, Tag } from '@/data/features'
import type { Environment, Project } from '@/data/places'
import { anEnvironment, aProject } from './builders'

const page = (results: readonly object[]) =>
  HttpResponse.json({ count: results.length, next: null, previous: null, results })

export interface World {
  project: Project
  environments: readonly Environment[]
  features: Feature[]
  tags: readonly Tag[]
  permissions: { admin: boolean; permissions: string[] }
}

export function aWorld(given: Partial<World> = {}): World {
  return {
    project: aProject(),
    environments: [anEnvironment()],
    features: [],
    tags: [],
    permissions: { admin: true, permissions: [] },
    ...given,
  }
}

/** The API as the pages of one project see it. Add what your page reads; a test adds its own with `network.use`. */
export function answering(world: World) {
  const me = { id: 1, email: 'ada@example.com', first_name: 'Ada', last_name: 'Lovelace', is_superuser: true }
  return [
    http.get('*/version/', () => HttpResponse.json({ burgee: '1', self_hosted_data: { has_users: true } })),
    http.get('*/health/readiness/', () => HttpResponse.json({ status: 'ok' })),
    http.get('*/api/v1/auth/users/me/', () => HttpResponse.json(me)),
    http.post('*/api/v1/live-tickets/', () => HttpResponse.json({ ticket: 't' }, { status: 201 })),
    http.get('*/api/v1/organisations/', () => page([{ id: 1, name: 'Acme', role: 'ADMIN', num_seats: 1 }])),
    http.get('*/api/v1/projects/', () => HttpResponse.json([world.project])),
    http.get('*/api/v1/projects/:id/', () => HttpResponse.json(world.project)),
    http.get('*/api/v1/environments/', () => page(world.environments)),
    http.get('*/my-permissions/', () => HttpResponse.json(world.permissions)),
    http.get('*/api/v1/projects/:id/tags/', () => page(world.tags)),
    http.get('*/api/v1/projects/:id/features/', () => page(world.features)),
    http.patch('*/api/__future__/environments/:key/features/:id/', async ({ request, params }) => {
      const body = (await request.json()) as { environment_default: { enabled: boolean } }
      const state = world.features.find(({ id }) => String(id) === params['id'])?.environment_feature_state
      if (state) state.enabled = body.environment_default.enabled
      return HttpResponse.json({})
    }),
  ]
}

export const network = setupServer()
