import { Alert, Button, Group } from '@mantine/core'
import { Link, useNavigate } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { useCreateSegment } from '@/data/segments'
import type { FieldErrors } from '@/lib/errors'
import { notifyDone } from '@/ui/notify'
import { Page } from '@/ui/page'
import { usePlace } from '@/widgets/place'
import { useProject } from '@/widgets/use-environment'
import { blankRule, isComplete, rulesOf } from './draft'
import { ReachPanel } from './reach-panel'
import { SegmentFields } from './segment-fields'
import type { SegmentForm } from './segment-form'
import { refusalFrom } from './use-saving'
import classes from './segments.module.css'

interface NewSegmentScreenProps {
  environment: string | undefined
  onEnvironment: (key: string) => void
}

/** A new segment, with whom it fits while one writes it. */
export function NewSegmentScreen({ environment, onEnvironment }: NewSegmentScreenProps) {
  const project = useProject()
  const place = usePlace()
  const [form, setForm] = useState<SegmentForm>(() => ({
    name: '',
    description: '',
    rules: [blankRule('ALL')],
    metadata: [],
  }))
  const { submit, problems, general, isPending } = useCreation(form)
  const where = place.environments.find(({ api_key }) => api_key === environment) ?? place.environment
  const complete = isComplete(form.rules)
  const rules = useMemo(() => (complete ? rulesOf(form.rules) : null), [complete, form.rules])
  return (
    <Page title="New segment" of={`Segments · ${project.name}`}>
      <div className={classes['columns']}>
        <form
          className={classes['main']}
          noValidate
          onSubmit={(event) => {
            event.preventDefault()
            submit()
          }}
        >
          {general && (
            <Alert color="red" variant="light" role="alert">
              {general}
            </Alert>
          )}
          <SegmentFields
            project={project.id}
            environment={where}
            form={form}
            warnings={{}}
            problems={problems}
            disabled={isPending}
            onForm={setForm}
          />
          <Group gap="xs">
            <Button type="submit" loading={isPending}>
              Create the segment
            </Button>
            <Button
              variant="default"
              renderRoot={(props) => (
                <Link
                  {...props}
                  to="/project/$projectId/segments"
                  params={{ projectId: String(project.id) }}
                />
              )}
            >
              Cancel
            </Button>
          </Group>
        </form>
        {where && (
          <aside className={classes['side']} aria-label="What it means">
            <ReachPanel
              project={project.id}
              environments={place.environments}
              environment={where}
              onEnvironment={onEnvironment}
              rules={rules}
              segment={null}
            />
          </aside>
        )}
      </div>
    </Page>
  )
}

function useCreation(form: SegmentForm) {
  const project = useProject()
  const navigate = useNavigate()
  const create = useCreateSegment(project.id)
  const [refusal, setRefusal] = useState<{ problems: FieldErrors; general: string | null } | null>(null)
  const submit = () => {
    if (form.name.trim() === '') return setRefusal({ problems: { name: 'Name the segment.' }, general: null })
    if (!isComplete(form.rules))
      return setRefusal({ problems: {}, general: 'Something is missing in the rule: fill in every line.' })
    const draft = {
      name: form.name.trim(),
      description: form.description.trim(),
      rules: rulesOf(form.rules),
      metadata: [...form.metadata],
    }
    create.mutate(draft, {
      onSuccess: (made) => {
        notifyDone({ message: `${made.name} is there; target it in a flag` })
        void navigate({
          to: '/project/$projectId/segments/$segmentId',
          params: { projectId: String(project.id), segmentId: String(made.id) },
        })
      },
      onError: (error) => setRefusal(refusalFrom(error)),
    })
  }
  return {
    submit,
    isPending: create.isPending,
    problems: refusal?.problems ?? {},
    general: refusal?.general ?? null,
  }
}
