import { Button, Loader, Stack, Text } from '@mantine/core'
import { Link, useNavigate } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import type { SecondStep as Step } from '@/data/account'
import { useExchange, type ReturningMethod } from '@/data/sign-in'
import { messageOf } from '@/lib/errors'
import { FrontPage } from './front-page'
import { endedJourney, refusalWords, returnIn, verdictOn } from './journeys'
import { LinkReturn } from './link-return'
import { localPath } from './local-path'
import { SecondStep } from './second-step'

interface ReturnPageProps {
  method: ReturningMethod
  /** What stands behind the ? or # of the address. */
  part: string
  onSignedIn: (next: string) => void
}

/** Where a provider sends the browser back to: gets in with the code that it brings, or says why not. */
export function ReturnPage({ method, part, onSignedIn }: ReturnPageProps) {
  const [told] = useState(() => returnIn(part))
  const [begun] = useState(() => endedJourney(method))
  const [step, setStep] = useState<Step | null>(null)
  const { mutate, isPending, isSuccess, error } = useExchange(method)
  const verdict = verdictOn(method, told, begun)
  const goOn = () => onSignedIn(localPath(told.next ?? begun?.next))
  const exchange = () => {
    // Worth something once, a code has no business in the history of a browser.
    history.replaceState(history.state, '', location.pathname)
    mutate(told.code ?? '', { onSuccess: (following) => (following ? setStep(following) : goOn()) })
  }
  const navigate = useNavigate()
  const back = () =>
    void navigate({
      to: '/login',
      search: begun && begun.next !== '/' ? { redirect: begun.next } : {},
    })
  const isLink = begun?.purpose === 'link'
  const wasSent = useRef(false)
  useEffect(() => {
    if (verdict !== 'exchange' || isLink || wasSent.current) return
    wasSent.current = true
    exchange()
  })
  if (step) return <SecondStep step={step} onSignedIn={goOn} onBack={back} />
  if (verdict === 'refused' || error)
    return (
      <Refusal words={error ? messageOf(error) : refusalWords(told, begun)} isLink={isLink} onBack={back} />
    )
  if (verdict === 'exchange' && isLink)
    return (
      <LinkReturn
        method={method}
        code={told.code ?? ''}
        onDone={goOn}
        refusal={(words) => <Refusal words={words} isLink onBack={goOn} />}
      />
    )
  if (verdict === 'ask' && !isPending && !isSuccess) return <Question onGoOn={exchange} />
  return (
    <FrontPage title="Signing you in">
      <Loader size="sm" aria-label="Signing you in" />
    </FrontPage>
  )
}

function Refusal({ words, isLink, onBack }: { words: string; isLink: boolean; onBack: () => void }) {
  return (
    <FrontPage title={isLink ? 'Nothing was linked' : 'The sign-in did not work'}>
      <Stack gap="sm">
        <Text size="sm" role="alert">
          {words}
        </Text>
        <Button onClick={onBack}>{isLink ? 'Back to your account' : 'Back to sign-in'}</Button>
      </Stack>
    </FrontPage>
  )
}

function Question({ onGoOn }: { onGoOn: () => void }) {
  return (
    <FrontPage
      title="Sign in here?"
      about="Your identity provider sent you here, but this tab did not ask it to. Go on only if you have just opened Burgee there."
    >
      <Stack gap="xs">
        <Button onClick={onGoOn}>Sign me in</Button>
        <Button component={Link} to="/login" variant="subtle">
          Not now
        </Button>
      </Stack>
    </FrontPage>
  )
}
