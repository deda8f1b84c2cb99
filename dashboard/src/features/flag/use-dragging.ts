import { useState, type DragEvent, type KeyboardEvent } from 'react'

interface Move {
  from: number
  to: number
}

export interface Dragging {
  /** Where a row is being taken from and to, while it is dragged. */
  now: Move | null
  /** The last move, to be read out. */
  said: Move | null
  handle: (
    at: number,
    of: number,
  ) => {
    draggable: true
    onDragStart: (event: DragEvent) => void
    onDragEnd: () => void
    onKeyDown: (event: KeyboardEvent) => void
  }
  row: (at: number) => {
    onDragOver: (event: DragEvent) => void
    onDrop: (event: DragEvent) => void
  }
}

/** Puts the rows of a list in another order: by dragging a handle, or with the arrow keys on it. */
export function useDragging(onMove: (from: number, to: number) => void): Dragging {
  const [now, setNow] = useState<Move | null>(null)
  const [said, setSaid] = useState<Move | null>(null)
  const move = (from: number, to: number) => {
    if (from === to) return
    onMove(from, to)
    setSaid({ from, to })
  }
  return {
    now,
    said,
    handle: (at, of) => ({
      draggable: true,
      onDragStart: (event) => {
        event.dataTransfer.effectAllowed = 'move'
        event.dataTransfer.setData('text/plain', String(at))
        setNow({ from: at, to: at })
      },
      onDragEnd: () => setNow(null),
      onKeyDown: (event) => {
        const step = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : 0
        if (step === 0) return
        event.preventDefault()
        move(at, Math.max(0, Math.min(at + step, of - 1)))
      },
    }),
    row: (at) => ({
      onDragOver: (event) => {
        if (now === null) return
        event.preventDefault()
        if (now.to !== at) setNow({ from: now.from, to: at })
      },
      onDrop: (event) => {
        if (now === null) return
        event.preventDefault()
        move(now.from, at)
        setNow(null)
      },
    }),
  }
}
