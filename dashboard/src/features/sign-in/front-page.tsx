import { Alert, Stack, Title } from '@mantine/core'
import type { SyntheticEvent, ReactNode } from 'react'
import { Mark } from '@/ui/mark'
import { useIsAway, useWatchedServer } from '@/widgets/connection'
import classes from './front-page.module.css'

interface FrontPageProps {
  title: string
  about?: ReactNode
  children: ReactNode
}

/** The pages before the dashboard: one column, one thing to do. */
export function FrontPage({ title, about, children }: FrontPageProps) {
  useWatchedServer()
  const isAway = useIsAway()
  return (
    <main className={classes['page']}>
      <title>{`${title} · Burgee`}</title>
      <div className={classes['column']}>
        <div className={classes['mark']}>
          <Mark size={30} />
          <span>Burgee</span>
        </div>
        <Title order={1} size="xl" mb={about ? 4 : 20}>
          {title}
        </Title>
        {about && <p className={classes['about']}>{about}</p>}
        {isAway && (
          <Alert color="red" variant="light" role="alert" mb="sm">
            The server cannot be reached. Trying again…
          </Alert>
        )}
        {children}
      </div>
    </main>
  )
}

interface FrontFormProps {
  problem: string | null
  onSubmit: (event: SyntheticEvent<HTMLFormElement>) => void
  children: ReactNode
}

/** A form, with what is wrong with all of it on top. */
export function FrontForm({ problem, onSubmit, children }: FrontFormProps) {
  return (
    <form onSubmit={onSubmit} noValidate>
      <Stack gap="sm">
        {problem && (
          <Alert color="red" variant="light" role="alert">
            {problem}
          </Alert>
        )}
        {children}
      </Stack>
    </form>
  )
}
