import { Link } from '@tanstack/react-router'
import { EnvironmentDot } from '../environment-dot'
import { useNavLinks, type NavLink } from '../nav'
import type { CurrentPlace } from '../place'
import classes from './nav-rail.module.css'
import { ProjectSwitcher } from './project-switcher'

interface NavRailProps {
  place: CurrentPlace
  path: string
}

/** Project, its environments with their colours, then the pages of the environment, the project and the organisation. */
export function NavRail({ place, path }: NavRailProps) {
  const { project, environment, environments, organisation } = place
  const ofEnvironment = useNavLinks('environment')
  const ofProject = useNavLinks('project')
  const ofOrganisation = useNavLinks('organisation')
  return (
    <div className={classes['rail']}>
      <ProjectSwitcher place={place} />
      {project && environment && (
        <>
          <Group label="Environments">
            {environments.map((each) => (
              <Link
                key={each.id}
                to={inEnvironment(path, project.id, each.api_key)}
                className={classes['link']}
                data-current={each.id === environment.id}
                aria-current={each.id === environment.id ? 'true' : undefined}
              >
                <EnvironmentDot environment={each} />
                <span className={classes['text']}>{each.name}</span>
              </Link>
            ))}
          </Group>
          <Group label={environment.name}>
            {ofEnvironment.map((link) => (
              <Entry
                key={link.to}
                link={link}
                params={{ projectId: project.id, environmentKey: environment.api_key }}
              />
            ))}
          </Group>
          <Group label="Project">
            {ofProject.map((link) => (
              <Entry key={link.to} link={link} params={{ projectId: project.id }} />
            ))}
          </Group>
        </>
      )}
      {organisation && (
        <Group label={organisation.name}>
          {ofOrganisation.map((link) => (
            <Entry key={link.to} link={link} params={{ organisationId: organisation.id }} />
          ))}
        </Group>
      )}
    </div>
  )
}

function Group({ label, children }: { label: string; children: readonly React.ReactNode[] }) {
  if (children.length === 0) return null
  return (
    <section className={classes['group']} aria-label={label}>
      <h2 className={classes['label']}>{label}</h2>
      {children}
    </section>
  )
}

function Entry({ link, params }: { link: NavLink; params: Record<string, string | number> }) {
  const { icon: Picture, label, to } = link
  return (
    <Link
      to={filled(to, params)}
      className={classes['link']}
      activeProps={{ 'data-active': true }}
      activeOptions={{ includeSearch: false }}
    >
      <Picture size={16} stroke={1.6} aria-hidden />
      <span className={classes['text']}>{label}</span>
    </Link>
  )
}

/** The address of a route with its ids put in. */
export function filled(to: string, params: Readonly<Record<string, string | number>>): string {
  return to.replace(/\$(\w+)/g, (whole, name: string) => encodeURIComponent(String(params[name] ?? whole)))
}

/** The same page in another environment; pages of one thing lead to their list. */
function inEnvironment(path: string, projectId: number, key: string): string {
  const start = `/project/${projectId}/environment/${encodeURIComponent(key)}`
  const page = /\/environment\/[^/]+\/([^/]+)/.exec(path)?.[1]
  return `${start}/${page ?? 'features'}`
}
