import { Suspense, useSyncExternalStore, type ReactNode } from 'react'
import { part } from './part'

export interface Confirmation {
  title: string
  /** What will happen, and to whom. */
  children: ReactNode
  /** The button says what happens: "Delete the project". */
  action: string
  destructive?: boolean
  /** Typed by hand before the button works: the name of what goes. */
  typed?: string
  onConfirm: () => void
}

const ConfirmDialog = part(() => import('./confirm-dialog'))

let asked: Confirmation | null = null
const readers = new Set<() => void>()

function put(question: Confirmation | null): void {
  asked = question
  readers.forEach((reader) => reader())
}

/** Asks before something that cannot be undone, or that matters in a protected environment. */
export function confirm(question: Confirmation): void {
  put(question)
}

/** Where questions appear; the dialog arrives with the first one. */
export function Confirmations() {
  const question = useSyncExternalStore(
    (changed) => {
      readers.add(changed)
      return () => readers.delete(changed)
    },
    () => asked,
  )
  if (question === null) return null
  return (
    <Suspense fallback={null}>
      <ConfirmDialog {...question} onClose={() => put(null)} />
    </Suspense>
  )
}
