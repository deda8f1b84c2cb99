import { Button, Code, List, Stack, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useSignUp } from '@/data/account'
import { useCreateOrganisation, useCreateProject } from '@/data/places'
import { codeOf } from '@/lib/errors'
import { showErrors } from '@/lib/form-errors'
import { AccountFields, accountRules, NOBODY } from './account-fields'
import { FrontForm, FrontPage } from './front-page'

const STEPS = { account: 'account', project: 'project' } as const
type Step = keyof typeof STEPS

/** An empty server: the first administrator, then an organisation with a project and its two environments. */
export function FirstRun() {
  const [step, setStep] = useState<Step>(STEPS.account)
  return step === STEPS.account ? <FirstAdmin onDone={() => setStep(STEPS.project)} /> : <FirstProject />
}

function FirstAdmin({ onDone }: { onDone: () => void }) {
  const form = useForm({ initialValues: NOBODY, validate: accountRules })
  const [problem, setProblem] = useState<string | null>(null)
  const signUp = useSignUp()
  if (codeOf(signUp.error) === 'host_unnamed') return <NameUnknown />
  const submit = form.onSubmit((given) => {
    setProblem(null)
    signUp.mutate(
      { ...given, superuser: true },
      { onSuccess: onDone, onError: (error) => setProblem(showErrors(form, error)) },
    )
  })
  return (
    <FrontPage
      title="Welcome. Who are you?"
      about="This is the first account, so it becomes the administrator of this server."
    >
      <FrontForm problem={problem} onSubmit={submit}>
        <AccountFields form={form} />
        <Button type="submit" loading={signUp.isPending} mt={4}>
          Create the administrator
        </Button>
      </FrontForm>
    </FrontPage>
  )
}

/** The server is told its name by whoever runs it, because a page of a stranger could give it another. */
function NameUnknown() {
  const name = location.hostname
  return (
    <FrontPage
      title="This server does not know its name"
      about={`It is set up only by names that nobody else can have, and ${name} was not given to it.`}
    >
      <Stack gap="xs">
        <Text size="sm">Whoever runs it does one of these:</Text>
        <List size="sm" spacing="xs">
          <List.Item>
            set <Code>DJANGO_ALLOWED_HOSTS={name}</Code> and restart it, then load this page again;
          </List.Item>
          <List.Item>
            run <Code>burgee bootstrap</Code> where it runs, which makes the administrator;
          </List.Item>
          <List.Item>open it by its IP address, or as localhost, and set it up there.</List.Item>
        </List>
      </Stack>
    </FrontPage>
  )
}

/** Also the way in for somebody who signed up and has no organisation yet. */
export function FirstProject() {
  const form = useForm({
    initialValues: { organisation: '', project: '' },
    validate: {
      organisation: (text) => (text.trim() ? null : 'Name your organisation.'),
      project: (text) => (text.trim() ? null : 'Name the project.'),
    },
  })
  const [problem, setProblem] = useState<string | null>(null)
  const navigate = useNavigate()
  const createOrganisation = useCreateOrganisation()
  const createProject = useCreateProject()
  const make = async ({ organisation, project }: typeof form.values) => {
    const made = await createOrganisation.mutateAsync(organisation.trim())
    const environments = ['Development', 'Production']
    return createProject.mutateAsync({ organisation: made.id, name: project.trim(), environments })
  }
  const submit = form.onSubmit(async (given) => {
    setProblem(null)
    try {
      const { project, environments } = await make(given)
      const [first] = environments
      const params = { projectId: String(project.id), environmentKey: first?.api_key ?? '' }
      await navigate({ to: '/project/$projectId/environment/$environmentKey/sdk-keys', params })
    } catch (error) {
      setProblem(showErrors(form, error))
    }
  })
  return (
    <FrontPage
      title="What do you work on?"
      about="A project holds the features of one product. It gets two environments: Development and Production."
    >
      <FrontForm problem={problem} onSubmit={submit}>
        <TextInput
          label="Organisation"
          placeholder="Acme"
          autoFocus
          autoComplete="organization"
          {...form.getInputProps('organisation')}
        />
        <TextInput
          label="Project"
          placeholder="Web shop"
          autoComplete="off"
          {...form.getInputProps('project')}
        />
        <Button type="submit" loading={createOrganisation.isPending || createProject.isPending} mt={4}>
          Create the project
        </Button>
      </FrontForm>
    </FrontPage>
  )
}
