import { Alert, Button, Group, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { z } from 'zod/mini'
import { me } from '@/data/account'
import { consentFor, useAnswerConsent, type Question } from '@/data/account-settings'
import { messageOf } from '@/lib/errors'
import { FailedState, ListSkeleton } from '@/ui/states'
import { Mark } from '@/ui/mark'
import classes from './consent.module.css'

const scopesShape = z.record(z.string(), z.string())

/** Where an application asks a person whether it may act for them. */
export function Consent({ question }: { question: Question }) {
  const { data: asked, error, refetch } = useQuery(consentFor(question))
  const { data: person } = useQuery(me)
  const answer = useAnswerConsent(question)
  const decide = (allow: boolean) =>
    answer.mutate(allow, { onSuccess: ({ redirect_uri }) => location.assign(redirect_uri) })
  return (
    <main className={classes['page']}>
      <title>Allow access · Burgee</title>
      <div className={classes['card']}>
        <Mark size={32} />
        {error && <FailedState what="the request" reason={messageOf(error)} onRetry={() => void refetch()} />}
        {!error && !asked && <ListSkeleton rows={4} />}
        {asked && (
          <Stack gap="sm">
            <h1 className={classes['title']}>Allow {asked.application.name} to act for you?</h1>
            <Text size="sm">
              You are signed in as <strong>{person?.email}</strong>. {asked.application.name} will be able to:
            </Text>
            <ul className={classes['scopes']}>
              {Object.entries(scopesShape.parse(asked.scopes)).map(([scope, words]) => (
                <li key={scope}>{words}</li>
              ))}
            </ul>
            <Text size="sm" c="dimmed">
              It goes on at <code>{new URL(asked.redirect_uri).origin}</code>. A new password ends its access.
            </Text>
            {!asked.is_verified && (
              <Alert color="yellow" variant="light">
                Nobody has checked this application: it named itself. Allow it only if you have just asked for
                this.
              </Alert>
            )}
            {answer.error && (
              <Text size="sm" c="var(--negative)" role="alert">
                {messageOf(answer.error)}
              </Text>
            )}
            <Group justify="flex-end" gap="xs">
              <Button variant="default" onClick={() => decide(false)} disabled={answer.isPending}>
                Refuse
              </Button>
              <Button onClick={() => decide(true)} loading={answer.isPending}>
                Allow
              </Button>
            </Group>
          </Stack>
        )}
      </div>
    </main>
  )
}
