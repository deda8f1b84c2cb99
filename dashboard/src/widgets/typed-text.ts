import { useCallback, useEffect, useRef, useState } from 'react'

/** So long must the fingers rest before the address follows. */
const REST = 250

export interface TypedText {
  text: string | undefined
  type: (text: string | undefined) => void
  /** Nothing more is typed: the address follows now. */
  rest: () => void
  /** The address gets another text, whatever was typed. */
  forget: () => void
}

/** What is typed into a box whose text the address keeps: here with each key, in the address a moment later. */
export function useTypedText(kept: string | undefined, keep: (text: string | undefined) => void): TypedText {
  // Null as soon as the address says the same.
  const [typed, setTyped] = useState<{ text: string | undefined } | null>(null)
  const waiting = useRef<ReturnType<typeof setTimeout>>(undefined)
  const stop = () => clearTimeout(waiting.current)
  useEffect(() => stop, [])
  if (typed !== null && typed.text === kept) setTyped(null)
  const type = (text: string | undefined) => {
    setTyped({ text })
    stop()
    waiting.current = setTimeout(() => keep(text), REST)
  }
  const rest = () => {
    stop()
    if (typed !== null) keep(typed.text)
  }
  const forget = useCallback(() => {
    clearTimeout(waiting.current)
    setTyped(null)
  }, [])
  return { text: typed === null ? kept : typed.text, type, rest, forget }
}
