import { MantineProvider, localStorageColorSchemeManager } from '@mantine/core'
import { ModalsProvider } from '@mantine/modals'
import { Notifications } from '@mantine/notifications'
import { QueryClientProvider, type QueryClient } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { useEffect } from 'react'
import { watchApi } from '@/lib/api-client'
import { keys } from '@/data/keys'
import { styleNonce } from '@/lib/facts'
import { cssVariables, theme } from '@/ui/theme'
import { onRecovery } from '@/widgets/connection'
import type { AppRouter } from './router'

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
        <ModalsProvider>
          <Notifications position="bottom-right" limit={4} />
          <RouterProvider router={router} />
        </ModalsProvider>
      </QueryClientProvider>
    </MantineProvider>
  )
}
