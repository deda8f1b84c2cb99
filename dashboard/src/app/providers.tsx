import { MantineProvider, localStorageColorSchemeManager } from '@mantine/core'
import { QueryClientProvider, type QueryClient } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { Suspense, useEffect } from 'react'
import { watchApi } from '@/lib/api-client'
import { keys } from '@/data/keys'
import { styleNonce } from '@/lib/facts'
import { Confirmations } from '@/ui/confirm'
import { cssVariables, theme } from '@/ui/theme'
import { part } from '@/ui/part'
import { onRecovery } from '@/widgets/connection'
import type { AppRouter } from './router'

const Notices = part(() => import('@/ui/notices'))
const schemes = localStorageColorSchemeManager({ key: 'burgee:theme' })

interface ProvidersProps {
  queryClient: QueryClient
  router: AppRouter
}

export function Providers({ queryClient, router }: ProvidersProps) {
  useEffect(
    () =>
      onRecovery(() => {
        void queryClient.invalidateQueries()
        void router.invalidate()
      }),
    [queryClient, router],
  )
  useEffect(
    () =>
      watchApi((notice) => {
        if (notice === 'factor-needed' && router.state.location.pathname !== '/account')
          void router.navigate({ to: '/account', search: { tab: 'security', factor: 'needed' } })
        if (notice !== 'signed-out' || !queryClient.getQueryData(keys.me)) return
        queryClient.setQueryData(keys.me, null)
        void router.invalidate()
      }),
    [queryClient, router],
  )
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      defaultColorScheme="auto"
      colorSchemeManager={schemes}
      getStyleNonce={() => styleNonce}
    >
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
        <Confirmations />
        <Suspense fallback={null}>
          <Notices />
        </Suspense>
      </QueryClientProvider>
    </MantineProvider>
  )
}
