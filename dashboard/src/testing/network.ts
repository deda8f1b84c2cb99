import { http, HttpResponse } from 'msw'
import { setupServer } from 'msw/node'
import type { Feature, Tag } from '@/data/features'
import type { Environment, Project } from '@/data/places'
import { z } from 'zod/mini'
import { aCell, anEnvironment, aProject, aRow } from './builders'

const page = (results: readonly object[]) =>
  HttpResponse.json({ count: results.length, next: null, previous: null, results })

export interface World {
  project: Project
  environments: readonly Environment[]
  features: Feature[]
  tags: readonly Tag[]
  permissions: { admin: boolean; permissions: string[] }
  isSignedOut: boolean
}

export function aWorld(given: Partial<World> = {}): World {
  return {
    project: aProject(),
    environments: [anEnvironment()],
    features: [],
    tags: [],
    permissions: { admin: true, permissions: [] },
    isSignedOut: false,
    ...given,
  }
}

const savingShape = z.object({
  environments: z.record(
    z.string(),
    z.object({
      environment_default: z.object({
        enabled: z.optional(z.boolean()),
        value: z.optional(z.nullable(z.object({ value: z.string() }))),
      }),
    }),
  ),
})

/** A feature as a row of the matrix: the same in all environments. */
function rowOf(feature: Feature, { environments, tags }: World) {
  const { environment_feature_state: state, ...kept } = feature
  const cell = aCell({ enabled: state?.enabled ?? false, value: state?.feature_state_value ?? null })
  const states = Object.fromEntries(environments.map(({ id }) => [id, cell]))
  return aRow({ ...kept, tags: tags.filter(({ id }) => feature.tags.includes(id)), states })
}

/** The API as the pages of one project see it. Add what your page reads; a test adds its own with `network.use`. */
export function answering(world: World) {
  const me = { id: 1, email: 'ada@example.com', first_name: 'Ada', last_name: 'Lovelace', is_superuser: true }
  return [
    http.get('*/version/', () => HttpResponse.json({ burgee: '1', self_hosted_data: { has_users: true } })),
    http.get('*/health/readiness/', () => HttpResponse.json({ status: 'ok' })),
    http.get('*/api/v1/auth/users/me/', () =>
      world.isSignedOut ? HttpResponse.json({ detail: 'No.' }, { status: 401 }) : HttpResponse.json(me),
    ),
    http.post('*/api/v1/live-tickets/', () => HttpResponse.json({ ticket: 't' }, { status: 201 })),
    http.get('*/api/v1/organisations/', () => page([{ id: 1, name: 'Acme', role: 'ADMIN', num_seats: 1 }])),
    http.get('*/api/v1/projects/', () => HttpResponse.json([world.project])),
    http.get('*/api/v1/projects/:id/', () => HttpResponse.json(world.project)),
    http.get('*/api/v1/environments/', () => page(world.environments)),
    http.get('*/my-permissions/', () => HttpResponse.json(world.permissions)),
    http.get('*/api/v1/projects/:id/tags/', () => page(world.tags)),
    http.get('*/api/v1/projects/:id/features/', () => page(world.features)),
    http.get('*/api/v1/projects/:id/flag-matrix/', () =>
      page(world.features.map((each) => rowOf(each, world))),
    ),
    http.post('*/api/v1/projects/:id/features/:feature/save/', async ({ request, params }) => {
      const { environments } = savingShape.parse(await request.json())
      const state = world.features.find(
        ({ id }) => String(id) === params['feature'],
      )?.environment_feature_state
      for (const { environment_default: wish } of Object.values(environments)) {
        if (state && wish.enabled !== undefined) state.enabled = wish.enabled
        if (state && wish.value) state.feature_state_value = wish.value.value
      }
      return HttpResponse.json({ environments: {} })
    }),
  ]
}

export const network = setupServer()
