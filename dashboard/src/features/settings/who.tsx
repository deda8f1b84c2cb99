import { nameOf, type Person } from '@/data/members'
import classes from './who.module.css'

/** A person: the name, and the address by which one knows which of the two Annas it is. */
export function Who({ person }: { person: Person }) {
  const name = nameOf(person)
  return (
    <span className={classes['who']}>
      <span className={classes['name']}>{name}</span>
      {name !== person.email && <span className={classes['email']}>{person.email}</span>}
    </span>
  )
}
