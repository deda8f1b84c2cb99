import { Anchor, Button, Group, PasswordInput, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useSignIn, type SecondStep as Step } from '@/data/account'
import { signInMethods, type Door } from '@/data/sign-in'
import { facts } from '@/lib/facts'
import { showErrors } from '@/lib/form-errors'
import { ListSkeleton } from '@/ui/states'
import { domainIn } from './domains'
import { FrontForm, FrontPage } from './front-page'
import { OtherWays } from './other-ways'
import { SecondStep } from './second-step'

interface SignInProps {
  /** Where to go when one is in. */
  next: string
  onSignedIn: () => void
}

/** The ways in that are set up here, then the second step of accounts that have one. */
export function SignIn({ next, onSignedIn }: SignInProps) {
  const [step, setStep] = useState<Step | null>(null)
  const { data, isPending } = useQuery(signInMethods())
  if (step) return <SecondStep step={step} onSignedIn={onSignedIn} onBack={() => setStep(null)} />
  return (
    <FrontPage title="Sign in">
      {isPending ? (
        <ListSkeleton rows={4} />
      ) : (
        <Ways
          everybodys={data ?? ASSUMED}
          next={next}
          onDone={(following) => (following ? setStep(following) : onSignedIn())}
        />
      )}
    </FrontPage>
  )
}

/** While the server says nothing about it. */
const ASSUMED: readonly Door[] = facts.preventEmailPassword
  ? []
  : [{ method: 'password', key: 'password', name: 'Password', start_url: null, client_id: null }]

const TYPING_MS = 350

const takesPasswords = (doors: readonly Door[]) =>
  doors.some(({ method }) => method === 'password' || method === 'ldap')

interface WaysProps {
  everybodys: readonly Door[]
  next: string
  onDone: (following: Step | null) => void
}

/** Once an address is typed, the ways of its domain: nobody sends a password where none is taken. */
function Ways({ everybodys, next, onDone }: WaysProps) {
  const [email, setEmail] = useState('')
  const [settled] = useDebouncedValue(email, TYPING_MS)
  const [withPassword, setWithPassword] = useState(false)
  const domain = domainIn(settled)
  const { data } = useQuery({ ...signInMethods(domain), enabled: domain !== null })
  const own = domain !== null && domain === domainIn(email) ? data : undefined
  const doors = own ?? everybodys
  const mayType = withPassword || takesPasswords(doors)
  return (
    <>
      {(mayType || takesPasswords(everybodys)) && (
        <PasswordStep
          takesNames={everybodys.some(({ method }) => method === 'ldap')}
          takesPasswords={mayType}
          isForced={withPassword}
          onEmail={setEmail}
          onDone={onDone}
        />
      )}
      {!mayType && own && (
        <Text size="sm" my="sm" role="status">
          {own.length > 0
            ? `People of ${domain} sign in without a password here.`
            : `People of ${domain} cannot sign in here. Ask whoever runs this server.`}
        </Text>
      )}
      <OtherWays doors={doors} afterPassword={mayType} next={next} onSignedIn={() => onDone(null)} />
      {doors.length === 0 && !own && (
        <Text size="sm">No way to sign in is set up. Ask whoever runs this server.</Text>
      )}
      {!mayType && (
        <Anchor component="button" type="button" size="xs" mt="md" onClick={() => setWithPassword(true)}>
          Emergency access with a password
        </Anchor>
      )}
    </>
  )
}

interface PasswordStepProps {
  /** A directory knows people by names, too. */
  takesNames: boolean
  /** Without, only the address is asked for, by which the other ways are found. */
  takesPasswords: boolean
  /** Somebody insists on a password where it is for emergencies. */
  isForced: boolean
  onEmail: (email: string) => void
  onDone: (next: Step | null) => void
}

function PasswordStep({ takesNames, takesPasswords: isOpen, isForced, onEmail, onDone }: PasswordStepProps) {
  const form = useForm({
    initialValues: { email: '', password: '' },
    onValuesChange: ({ email }) => onEmail(email),
  })
  const [problem, setProblem] = useState<string | null>(null)
  const { send, isPending } = useSend(isForced)
  const submit = form.onSubmit(async (given) => {
    setProblem(null)
    if (!isOpen) return
    try {
      const told = await send(given)
      if (told !== 'elsewhere') onDone(told)
    } catch (error) {
      setProblem(showErrors(form, error))
    }
  })
  return (
    <FrontForm problem={problem} onSubmit={submit}>
      <TextInput
        label={takesNames ? 'E-mail or user name' : 'E-mail'}
        type={takesNames ? 'text' : 'email'}
        autoComplete="username"
        autoCapitalize="none"
        autoFocus
        {...form.getInputProps('email')}
      />
      {isOpen && (
        <>
          <PasswordInput
            label="Password"
            autoComplete="current-password"
            {...form.getInputProps('password')}
          />
          <Button type="submit" loading={isPending} fullWidth mt={4}>
            Sign in
          </Button>
          <Aside />
        </>
      )}
    </FrontForm>
  )
}

/** Sends a password, unless the people of that domain have none here: the page shows what they have instead. */
function useSend(isForced: boolean) {
  const queryClient = useQueryClient()
  const signIn = useSignIn()
  const [isAsking, setAsking] = useState(false)
  const send = async (given: { email: string; password: string }): Promise<Step | null | 'elsewhere'> => {
    const domain = domainIn(given.email)
    if (!isForced && domain !== null) {
      setAsking(true)
      const doors = await queryClient.query(signInMethods(domain)).catch(() => null)
      setAsking(false)
      if (doors && !takesPasswords(doors)) return 'elsewhere'
    }
    return signIn.mutateAsync(given)
  }
  return { send, isPending: isAsking || signIn.isPending }
}

function Aside() {
  return (
    <Group justify="space-between">
      <Anchor component={Link} to="/password-recovery" size="sm">
        Forgot the password?
      </Anchor>
      {!facts.preventSignup && (
        <Anchor component={Link} to="/signup" size="sm">
          Sign up
        </Anchor>
      )}
    </Group>
  )
}
