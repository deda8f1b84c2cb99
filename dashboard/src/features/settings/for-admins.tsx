import { IconLock } from '@tabler/icons-react'
import { useSuspenseQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { me } from '@/data/account'
import { permissionsIn, type Place } from '@/data/permissions'
import { Page } from '@/ui/page'
import { EmptyState, ListSkeleton } from '@/ui/states'
import { Screen } from '@/widgets/screen'
import type { SettingsSection } from './sections'
import type { SettingsPlace } from './settings-place'

interface ForAdminsProps {
  section: SettingsSection
  place: SettingsPlace
  children: ReactNode
}

/** A section that only administrators of its place can use says so to everybody else. */
export function ForAdmins({ section, place, children }: ForAdminsProps) {
  if (!section.forAdmins) return children
  if (section.scope === 'server')
    return (
      <Screen what="who you are">
        <ForSuperusers label={section.label}>{children}</ForSuperusers>
      </Screen>
    )
  const subject = subjectOf(section, place)
  if (!subject) return <ListSkeleton />
  return (
    <Screen what="your permissions">
      <Guard label={section.label} subject={subject}>
        {children}
      </Guard>
    </Screen>
  )
}

function Guard({ label, subject, children }: { label: string; subject: Place; children: ReactNode }) {
  const { data: mine } = useSuspenseQuery(permissionsIn(subject))
  if (mine.admin) return children
  return (
    <Page title={label}>
      <EmptyState icon={IconLock} title="Only administrators see and change this">
        Ask one of them, or to become one. Members shows who they are.
      </EmptyState>
    </Page>
  )
}

function ForSuperusers({ label, children }: { label: string; children: ReactNode }) {
  const { data: person } = useSuspenseQuery(me)
  if (person?.is_superuser) return children
  return (
    <Page title={label}>
      <EmptyState icon={IconLock} title="Only superusers of this server see and change this">
        It is for all organisations. Ask whoever runs the server.
      </EmptyState>
    </Page>
  )
}

function subjectOf(
  { scope }: SettingsSection,
  { organisation, project, environment }: SettingsPlace,
): Place | null {
  if (scope === 'organisation') return organisation && { organisation: organisation.id }
  if (scope === 'project') return project && { project: project.id }
  return project && environment && { project: project.id, environment: environment.api_key }
}
