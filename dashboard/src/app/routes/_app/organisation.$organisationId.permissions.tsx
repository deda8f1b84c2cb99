import { createFileRoute, redirect } from '@tanstack/react-router'
import { settingsSearch } from '@/features/settings/settings-search'

/** An address that old links use. */
export const Route = createFileRoute('/_app/organisation/$organisationId/permissions')({
  validateSearch: settingsSearch,
  beforeLoad: ({ params, search }) => {
    throw redirect({
      to: '/organisation/$organisationId/settings',
      params,
      search: { tab: search.tab ?? 'members' },
    })
  },
})
