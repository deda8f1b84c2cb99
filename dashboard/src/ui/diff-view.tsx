import classes from './diff-view.module.css'
import { diffLines } from './diff-lines'

interface DiffViewProps {
  before: string
  after: string
  label: string
}

/** Old and new, line by line; lines carry signs as well as colours. */
export function DiffView({ before, after, label }: DiffViewProps) {
  return (
    <pre className={classes['diff']} aria-label={label}>
      {diffLines(before, after).map((line, place) => (
        <span key={place} className={classes[line.kind]}>
          {{ same: '  ', gone: '− ', come: '+ ' }[line.kind]}
          {line.text}
          {'\n'}
        </span>
      ))}
    </pre>
  )
}
