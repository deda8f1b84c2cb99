import { Loader } from '@mantine/core'
import { useEffect, useRef, useState, type ReactNode } from 'react'
import { useLinkSource } from '@/data/own-sign-ins'
import type { ReturningMethod } from '@/data/sign-in'
import { methodName } from '@/lib/method-names'
import { notifyDone } from '@/ui/notify'
import { useProof } from '@/widgets/proof'
import { FrontPage } from './front-page'

interface LinkReturnProps {
  method: ReturningMethod
  code: string
  onDone: () => void
  refusal: (words: string) => ReactNode
}

/** Somebody who is signed in comes back from a provider that shall know the account. */
export function LinkReturn({ method, code, onDone, refusal }: LinkReturnProps) {
  const [problem, setProblem] = useState<string | null>(null)
  const { mutateAsync } = useLinkSource(method)
  const { attempt, dialog } = useProof(setProblem, () =>
    setProblem('Nothing was linked: you did not say that it is still you.'),
  )
  const wasSent = useRef(false)
  useEffect(() => {
    if (wasSent.current) return
    wasSent.current = true
    history.replaceState(history.state, '', location.pathname)
    void attempt(async (proof) => {
      await mutateAsync({ code, proof })
      notifyDone({ message: `${methodName(method)} opens your account from now on` })
      onDone()
    })
  })
  if (problem) return refusal(problem)
  return (
    <FrontPage title="Linking your account">
      {dialog ?? <Loader size="sm" aria-label="Linking your account" />}
    </FrontPage>
  )
}
