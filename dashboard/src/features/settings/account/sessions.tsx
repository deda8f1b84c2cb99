import { Button } from '@mantine/core'
import { useSuspenseQuery } from '@tanstack/react-query'
import { ownSessions, useEndOtherSessions, useEndSession, type Session } from '@/data/own-sign-ins'
import { dayAgo, plural } from '@/lib/format'
import { methodName } from '@/lib/method-names'
import { Badge } from '@/ui/badge'
import { confirm } from '@/ui/confirm'
import { notifyDone } from '@/ui/notify'
import { Moment } from '@/widgets/moment'
import { Block } from '../block'
import { Listing, type ListColumn } from '../listing'
import { deviceOf } from './device'

const FACTS: readonly ListColumn<Session>[] = [
  {
    id: 'device',
    header: 'Browser or program',
    order: ({ label }) => deviceOf(label),
    cell: ({ label, is_current }) => (
      <span title={label ?? undefined}>
        {deviceOf(label)} {is_current && <Badge tone="positive">this one</Badge>}
      </span>
    ),
  },
  {
    id: 'method',
    header: 'By',
    wide: true,
    order: ({ method }) => methodName(method),
    cell: ({ method }) => methodName(method),
  },
  {
    id: 'since',
    header: 'Since',
    wide: true,
    order: ({ created_at }) => created_at,
    cell: ({ created_at }) => <Moment at={created_at} />,
  },
  {
    id: 'used',
    header: 'Last used',
    order: ({ last_used_on }) => last_used_on ?? '',
    cell: ({ last_used_on }) => dayAgo(last_used_on),
  },
]

/** Where the account is signed in, to be ended from here. */
export function Sessions() {
  const { data: sessions } = useSuspenseQuery(ownSessions)
  const end = useEndSession()
  const endOthers = useEndOtherSessions()
  const others = sessions.filter(({ is_current }) => !is_current).length
  const askAll = () =>
    confirm({
      title: 'Sign out everywhere else?',
      children: `${plural(others, 'other sign-in')} ends at once; this one stays. Command-line tools need to sign in again, too.`,
      action: 'Sign out everywhere else',
      destructive: true,
      onConfirm: () =>
        endOthers.mutate(undefined, {
          onSuccess: ({ ended }) => notifyDone({ message: `${plural(ended, 'sign-in')} ended` }),
        }),
    })
  const endOne = ({ id, label }: Session) =>
    end.mutate(id, { onSuccess: () => notifyDone({ message: `${deviceOf(label)} is signed out` }) })
  return (
    <Block
      title="Where you are signed in"
      about="Browsers and programs that act as you. End what you do not know, then change your password."
      actions={
        others > 0 && (
          <Button size="xs" variant="default" onClick={askAll} loading={endOthers.isPending}>
            Sign out everywhere else…
          </Button>
        )
      }
    >
      <Listing
        label="sign-ins"
        rows={[...sessions].sort((one, other) => Number(other.is_current) - Number(one.is_current))}
        rowKey={({ id }) => id}
        words={({ label, method }) => `${deviceOf(label)} ${methodName(method)}`}
        empty="None."
        columns={[
          ...FACTS,
          {
            id: 'actions',
            header: '',
            width: '90px',
            align: 'end',
            cell: (session) =>
              !session.is_current && (
                <Button
                  size="compact-sm"
                  variant="subtle"
                  aria-label={`Sign out ${deviceOf(session.label)}`}
                  onClick={() => endOne(session)}
                >
                  Sign out
                </Button>
              ),
          },
        ]}
      />
    </Block>
  )
}
