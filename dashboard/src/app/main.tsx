import '@fontsource-variable/inter/index.css'
import '@fontsource-variable/jetbrains-mono/index.css'
import '@mantine/core/styles.css'
import '@/ui/tokens.css'
import { setNonce } from 'get-nonce'
import { createRoot } from 'react-dom/client'
import { styleNonce } from '@/lib/facts'
import { makeQueryClient } from '@/lib/query-client'
import { messageOf } from '@/lib/errors'
import { notifyFailed } from '@/ui/notify'
import { Providers } from './providers'
import { makeRouter } from './router'

// The dialogs' scroll lock makes a style element of its own.
setNonce(styleNonce)

const queryClient = makeQueryClient((error) => notifyFailed(messageOf(error)))
const root = document.getElementById('root')
if (root) createRoot(root).render(<Providers queryClient={queryClient} router={makeRouter(queryClient)} />)
