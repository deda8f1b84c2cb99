import '@fontsource-variable/inter/index.css'
import '@fontsource-variable/jetbrains-mono/index.css'
import '@mantine/core/styles.css'
import '@/ui/tokens.css'
import { setNonce } from 'get-nonce'
import { createRoot } from 'react-dom/client'
import { styleNonce } from '@/lib/facts'
import { makeQueryClient } from '@/lib/query-client'
import { ApiError, messageOf, Unreachable } from '@/lib/errors'
import { notifyFailed } from '@/ui/notify'
import { isNotLoaded, keepUpWithBuilds } from './new-build'
import { Providers } from './providers'
import { makeRouter } from './router'

// The dialogs' scroll lock makes a style element of its own.
setNonce(styleNonce)

keepUpWithBuilds()

const queryClient = makeQueryClient((error) => notifyFailed(messageOf(error)))
const root = document.getElementById('root')
// Screens say what could not be loaded; only what nobody expected belongs in the console.
const onCaughtError = (error: unknown) => {
  if (!(error instanceof ApiError || error instanceof Unreachable || isNotLoaded(error))) console.error(error)
}
if (root)
  createRoot(root, { onCaughtError }).render(
    <Providers queryClient={queryClient} router={makeRouter(queryClient)} />,
  )
