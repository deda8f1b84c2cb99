import { Stack, Text } from '@mantine/core'
import type { Consequences, People } from '@/data/policy'
import { plural } from '@/lib/format'
import { named } from './rule-words'

interface KeptOutProps {
  told: Consequences
  /** What to say when nobody is. */
  calm: string
}

export function keepsSomebodyOut({ locked_out, untried }: Consequences): boolean {
  return locked_out.amount + untried.amount > 0
}

/** Whom a change of the rules keeps out, by name. */
export function KeptOut({ told, calm }: KeptOutProps) {
  const { concerned, locked_out, untried } = told
  return (
    <Stack gap="xs">
      <Text size="sm">It is for {plural(concerned, 'person', 'people')} with an account here.</Text>
      {!keepsSomebodyOut(told) && <Text size="sm">{calm}</Text>}
      <Some
        people={locked_out}
        words={`${plural(locked_out.amount, 'person has', 'people have')} no way left to sign in:`}
        isBad
      />
      <Some
        people={untried}
        words={`${plural(untried.amount, 'person has', 'people have')} never come by what is left to them, and may be kept out:`}
      />
      {keepsSomebodyOut(told) && (
        <Text size="sm" c="dimmed">
          Who is signed in stays so until the sign-in ends. Let one administrator try first, and have a
          break-glass account.
        </Text>
      )}
    </Stack>
  )
}

function Some({ people, words, isBad = false }: { people: People; words: string; isBad?: boolean }) {
  if (people.amount === 0) return null
  return (
    <Text size="sm">
      <Text span fw={600} {...(isBad ? { c: 'var(--negative)' } : {})}>
        {words}
      </Text>{' '}
      {named(people.emails, people.amount)}.{people.has_self && <strong> You are one of them.</strong>}
    </Text>
  )
}
