interface TimeAgoProps {
  /** Both already in words: how long ago, and exactly when. */
  text: string
  exact: string
  iso: string
}

/** A moment as people say it, the exact one on hover. */
export function TimeAgo({ text, exact, iso }: TimeAgoProps) {
  return (
    <time dateTime={iso} title={exact}>
      {text}
    </time>
  )
}
