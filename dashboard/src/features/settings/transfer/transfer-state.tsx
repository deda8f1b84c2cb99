import { Progress } from '@mantine/core'
import type { TransferStatus } from '@/data/transfer'
import { Badge } from '@/ui/badge'

interface TransferStateProps {
  status: TransferStatus
  progress: number
  problem: string | null
}

/** How far a worker is, or how it ended. */
export function TransferState({ status, progress, problem }: TransferStateProps) {
  switch (status) {
    case 'PROCESSING':
      return <Progress value={progress} aria-label={`${progress} % done`} animated />
    case 'SUCCESS':
      return <Badge tone="positive">done</Badge>
    case 'FAILED':
      return (
        <span>
          <Badge tone="negative">failed</Badge> {problem}
        </span>
      )
  }
}
