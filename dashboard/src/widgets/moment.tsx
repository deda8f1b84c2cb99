import { nameOf } from '@/data/members'
import { exactTime, timeAgo } from '@/lib/format'
import { TimeAgo } from '@/ui/time-ago'

/** When something was done. */
export function Moment({ at }: { at: string }) {
  const moment = new Date(at)
  return <TimeAgo text={timeAgo(moment)} exact={exactTime(moment)} iso={at} />
}

interface ChangedByProps {
  who: { first_name: string; last_name: string; email: string } | null
  at: string
}

/** Who did something, and when. */
export function ChangedBy({ who, at }: ChangedByProps) {
  return (
    <span title={who?.email}>
      {who ? nameOf(who) : 'Somebody'}, <Moment at={at} />
    </span>
  )
}
