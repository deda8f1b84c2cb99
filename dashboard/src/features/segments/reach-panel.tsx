import { Select, Skeleton, Text } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { Environment } from '@/data/places'
import type { Rule } from '@/data/segment-rules'
import { previewOf, type Preview, type Sample, type Segment } from '@/data/segments'
import { messageOf } from '@/lib/errors'
import { count, plural } from '@/lib/format'
import type { ProjectId } from '@/lib/ids'
import { Panel } from '@/ui/panel'
import { EnvironmentName } from '@/widgets/environment-dot'
import { FlagUse } from './flag-use'
import classes from './segments.module.css'

interface ReachPanelProps {
  project: ProjectId
  environments: readonly Environment[]
  environment: Environment
  onEnvironment: (key: string) => void
  /** Null as long as the definition is not complete. */
  rules: readonly Rule[] | null
  segment: Segment | null
}

/** How many of the stored identities the definition fits, who they are, and which flags they get from it. */
export function ReachPanel({
  project,
  environments,
  environment,
  onEnvironment,
  rules,
  segment,
}: ReachPanelProps) {
  const [settled] = useDebouncedValue(rules, 400)
  const asked = {
    rules: settled ?? [],
    environment: environment.api_key,
    ...(segment && { segment: segment.id }),
  }
  const { data, error, isPlaceholderData } = useQuery({
    ...previewOf(project, asked),
    enabled: settled !== null,
  })
  const old = rules === null || isPlaceholderData || rules !== settled
  return (
    <>
      <Panel label="Who fits">
        <h2>Who fits</h2>
        <Select
          size="xs"
          aria-label="Environment to look in"
          allowDeselect={false}
          data={environments.map(({ api_key, name }) => ({ value: api_key, label: name }))}
          renderOption={({ option }) => <Named environments={environments} value={option.value} />}
          value={environment.api_key}
          onChange={(key) => key && onEnvironment(key)}
        />
        {error ? (
          <Text size="sm" c="red" role="alert">
            {messageOf(error)}
          </Text>
        ) : data ? (
          <div className={old ? classes['old'] : undefined} aria-live="polite">
            <Numbers preview={data} />
            <Samples project={project} environment={environment} samples={data.samples} />
            <Movement preview={data} project={project} environment={environment} />
          </div>
        ) : (
          rules !== null && <Skeleton height={84} radius="sm" role="status" aria-busy aria-label="Counting" />
        )}
        {rules === null && !error && (
          <Text size="sm" c="dimmed">
            {data ? 'That was before. ' : ''}Finish the rule to see whom it fits.
          </Text>
        )}
      </Panel>
      {segment && <FlagUse flags={data?.segment?.flags} environments={environments} project={project} />}
    </>
  )
}

function Named({ environments, value }: { environments: readonly Environment[]; value: string }) {
  const environment = environments.find(({ api_key }) => api_key === value)
  return environment ? <EnvironmentName environment={environment} /> : null
}

function Numbers({ preview: { matching, examined, total } }: { preview: Preview }) {
  if (matching === null)
    return (
      <Text size="sm" c="dimmed">
        To count them you need the right to view identities.
      </Text>
    )
  if (total === 0)
    return (
      <Text size="sm" c="dimmed">
        No identity is stored in this environment yet.
      </Text>
    )
  const share = (100 * matching) / Math.max(examined, 1)
  return (
    <>
      <p className={classes['number']}>
        {count(matching)} <small>of {plural(examined, 'identity', 'identities')}</small>
      </p>
      <div className={classes['bar']} aria-hidden>
        <span style={{ width: `${share}%` }} />
      </div>
      {examined < total && (
        <Text size="xs" c="dimmed" mt={4}>
          Looked at the {count(examined)} seen last, of {count(total)}.
        </Text>
      )}
    </>
  )
}

interface SamplesProps {
  project: ProjectId
  environment: Environment
  samples: readonly Sample[]
}

function Samples({ project, environment, samples }: SamplesProps) {
  if (samples.length === 0) return null
  return (
    <ul className={classes['samples']} aria-label="Some of them" style={{ marginTop: 8 }}>
      {samples.map(({ id, identifier }) => (
        <li key={id}>
          <Link
            to="/project/$projectId/environment/$environmentKey/users/$identifier/$identityId"
            params={{
              projectId: String(project),
              environmentKey: environment.api_key,
              identifier,
              identityId: String(id),
            }}
            className={classes['sample'] ?? ''}
            title={identifier}
          >
            {identifier}
          </Link>
        </li>
      ))}
    </ul>
  )
}

/** Against what is saved: who comes, who goes. */
function Movement({ preview: { segment }, ...where }: Omit<SamplesProps, 'samples'> & { preview: Preview }) {
  if (!segment?.entering && !segment?.leaving) return null
  return (
    <div style={{ marginTop: 10, display: 'grid', gap: 6 }}>
      {!!segment.entering && (
        <div>
          <Text size="sm" className={classes['come'] ?? ''}>
            +{plural(segment.entering, 'comes', 'come')} in
          </Text>
          <Samples {...where} samples={segment.entering_samples} />
        </div>
      )}
      {!!segment.leaving && (
        <div>
          <Text size="sm" className={classes['go'] ?? ''}>
            −{plural(segment.leaving, 'drops', 'drop')} out
          </Text>
          <Samples {...where} samples={segment.leaving_samples} />
        </div>
      )}
    </div>
  )
}
