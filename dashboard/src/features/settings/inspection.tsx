import { Select, Skeleton } from '@mantine/core'
import { IconCheck, IconMinus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { tagsOf } from '@/data/features'
import { catalogueOf, inspectionOf, levelOf } from '@/data/grants'
import type { Place } from '@/data/permissions'
import { environmentsOf, projectsOf } from '@/data/places'
import { messageOf } from '@/lib/errors'
import { idFrom, type OrganisationId, type ProjectId, type UserId } from '@/lib/ids'
import { Badge } from '@/ui/badge'
import classes from './inspection.module.css'
import { wordsFor } from './permission-words'
import { reasonsFor, type Reason } from './why'

interface InspectionProps {
  organisation: OrganisationId
  user: UserId
}

/** What one person may do, everywhere in a project and its environments, and where each right comes from. */
export function Inspection({ organisation, user }: InspectionProps) {
  const { data: projects = [] } = useQuery(projectsOf(organisation))
  const [chosen, choose] = useState<string | null>(null)
  const project = projects.find(({ id }) => String(id) === chosen) ?? projects[0]
  return (
    <div>
      <PlaceRights title="In the organisation" place={{ organisation }} user={user} />
      {project && (
        <>
          {projects.length > 1 && (
            <Select
              label="In which project"
              searchable
              allowDeselect={false}
              mt="sm"
              data={projects.map(({ id, name }) => ({ value: String(id), label: name }))}
              value={String(project.id)}
              onChange={choose}
            />
          )}
          <OfProject project={project.id} name={project.name} user={user} />
        </>
      )}
    </div>
  )
}

function OfProject({ project, name, user }: { project: ProjectId; name: string; user: UserId }) {
  const { data: environments = [] } = useQuery(environmentsOf(project))
  return (
    <>
      <PlaceRights title={`In ${name}`} place={{ project }} user={user} />
      {environments.map((environment) => (
        <PlaceRights
          key={environment.id}
          title={`In ${environment.name}`}
          place={{ project, environment: environment.api_key }}
          user={user}
        />
      ))}
    </>
  )
}

function PlaceRights({ title, place, user }: { title: string; place: Place; user: UserId }) {
  const { data: found, error } = useQuery(inspectionOf(place, user))
  const { data: catalogue } = useQuery(catalogueOf(levelOf(place)))
  const project = 'project' in place ? place.project : null
  const { data: tags = [] } = useQuery({ ...tagsOf(project ?? idFrom('1')), enabled: project !== null })
  const label = (id: number) => tags.find((tag) => tag.id === id)?.label ?? `tag ${id}`
  return (
    <section className={classes['place']} aria-label={title}>
      <h3 className={classes['title']}>
        {title}
        {found?.admin && <Badge tone="accent">Administrator</Badge>}
      </h3>
      {error && <p className={classes['note']}>{messageOf(error)}</p>}
      {!error && !(found && catalogue) && <Skeleton height={60} />}
      {found?.admin && (
        <p className={classes['note']}>
          May do everything here: <Reasons reasons={reasonsFor(found)} label={label} />
        </p>
      )}
      {found && !found.admin && catalogue && (
        <ul className={classes['rights']}>
          {catalogue.map(({ key }) => {
            const held = found.permissions.find(({ permission_key }) => permission_key === key)
            return (
              <li key={key} className={classes['right']} data-held={held !== undefined}>
                {held ? <IconCheck size={14} aria-hidden /> : <IconMinus size={14} aria-hidden />}
                <span>
                  {wordsFor(key).label}
                  <span className={classes['unseen']}>{held ? ': yes' : ': no'}</span>
                </span>
                {held && <Reasons reasons={reasonsFor(held)} label={label} />}
              </li>
            )
          })}
        </ul>
      )}
    </section>
  )
}

function Reasons({ reasons, label }: { reasons: readonly Reason[]; label: (tag: number) => string }) {
  return (
    <span className={classes['why']}>
      {reasons.map(({ text, tags }) => (
        <Badge key={text}>
          {text}
          {tags.length > 0 && `, only ${tags.map(label).join(', ')}`}
        </Badge>
      ))}
    </span>
  )
}
