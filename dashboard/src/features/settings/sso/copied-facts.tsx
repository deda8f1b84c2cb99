import { CopyButton } from '@/ui/copy-button'
import classes from './copied-facts.module.css'

interface CopiedFactsProps {
  facts: readonly (readonly [name: string, value: string])[]
}

/** What is typed into a form elsewhere: each with a button that copies it. */
export function CopiedFacts({ facts }: CopiedFactsProps) {
  return (
    <div className={classes['facts']} role="group" aria-label="To copy">
      {facts.map(([name, value]) => (
        <div key={name} className={classes['fact']}>
          <span className={classes['name']}>{name}</span>
          <span className={classes['value']}>{value}</span>
          <span>
            <CopyButton text={value} what={name} />
          </span>
        </div>
      ))}
    </div>
  )
}
