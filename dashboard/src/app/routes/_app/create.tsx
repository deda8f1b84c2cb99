import { createFileRoute } from '@tanstack/react-router'
import { CreateOrganisation } from '@/features/organisation/create-organisation'

export const Route = createFileRoute('/_app/create')({ component: CreateOrganisation })
