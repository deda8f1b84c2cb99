import { IconPlugConnected } from '@tabler/icons-react'
import { createFileRoute } from '@tanstack/react-router'
import { Connect } from '@/features/connect/connect'

export const Route = createFileRoute('/_app/project/$projectId/environment/$environmentKey/sdk-keys')({
  staticData: { nav: { label: 'Connect an app', icon: IconPlugConnected, scope: 'environment', order: 80 } },
  component: Connect,
})
