import { useQueryErrorResetBoundary } from '@tanstack/react-query'
import { Component, Suspense, type ReactNode } from 'react'
import { messageOf } from '@/lib/errors'
import { FailedState, ListSkeleton } from '@/ui/states'
import { onRecovery } from './connection'

interface ScreenProps {
  /** What is being loaded, as the end of a sentence: "the features". */
  what: string
  waiting?: ReactNode
  children: ReactNode
}

/** What waits, fails and recovers around something that reads with useSuspenseQuery. */
export function Screen({ what, waiting = <ListSkeleton />, children }: ScreenProps) {
  const { reset } = useQueryErrorResetBoundary()
  return (
    <Boundary what={what} onReset={reset}>
      <Suspense fallback={waiting}>{children}</Suspense>
    </Boundary>
  )
}

interface BoundaryProps {
  what: string
  onReset: () => void
  children: ReactNode
}

class Boundary extends Component<BoundaryProps, { error: unknown }> {
  override state: { error: unknown } = { error: null }
  private stop: () => void = () => undefined

  static getDerivedStateFromError(error: unknown) {
    return { error }
  }

  override componentDidMount() {
    this.stop = onRecovery(() => this.retry())
  }

  override componentWillUnmount() {
    this.stop()
  }

  override render() {
    const { error } = this.state
    if (error === null) return this.props.children
    return <FailedState what={this.props.what} reason={messageOf(error)} onRetry={() => this.retry()} />
  }

  private retry() {
    if (this.state.error === null) return
    this.props.onReset()
    this.setState({ error: null })
  }
}
