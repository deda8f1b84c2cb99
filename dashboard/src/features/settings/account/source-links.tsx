import { useSuspenseQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { sourceLinks, useDeleteSourceLink, type SourceLink } from '@/data/own-sign-ins'
import { methodName } from '@/lib/method-names'
import { confirm } from '@/ui/confirm'
import { notifyDone } from '@/ui/notify'
import { Moment } from '@/widgets/moment'
import { Block } from '../block'
import { Listing } from '../listing'
import { actionsColumn } from '../row-menu'

/** Providers and connections that know the account; `another` links more of them. */
export function SourceLinks({ another }: { another: ReactNode }) {
  const { data: links } = useSuspenseQuery(sourceLinks)
  const remove = useDeleteSourceLink()
  const drop = (link: SourceLink) =>
    confirm({
      title: `Unlink ${methodName(link.method)}?`,
      children:
        'It no longer opens this account by itself. Be sure that you have another way in, such as a password.',
      action: 'Unlink it',
      destructive: true,
      onConfirm: () =>
        remove.mutate(link.id, {
          onSuccess: () => notifyDone({ message: `${methodName(link.method)} is no longer linked` }),
        }),
    })
  return (
    <Block
      title="Linked sign-ins"
      about="Providers and company sign-ins whose word opens your account."
      actions={another}
    >
      <Listing
        label="linked sign-ins"
        rows={links}
        rowKey={({ id }) => id}
        words={({ method, key }) => `${methodName(method)} ${key}`}
        empty="None yet."
        columns={[
          {
            id: 'method',
            header: 'Source',
            order: ({ method }) => methodName(method),
            cell: ({ method, key }) => (
              <span>
                {methodName(method)} {key !== method && <code>{key}</code>}
              </span>
            ),
          },
          {
            id: 'made',
            header: 'Linked',
            wide: true,
            order: ({ created_at }) => created_at,
            cell: ({ created_at, is_explicit }) => (
              <>
                <Moment at={created_at} />
                {is_explicit ? ', by you' : ', at a sign-in'}
              </>
            ),
          },
          {
            id: 'used',
            header: 'Last used',
            order: ({ last_used_at }) => last_used_at ?? '',
            cell: ({ last_used_at }) => (last_used_at ? <Moment at={last_used_at} /> : 'never'),
          },
          actionsColumn(
            (link: SourceLink) => methodName(link.method),
            (link) => [{ label: 'Unlink…', onClick: () => drop(link), destructive: true }],
          ),
        ]}
      />
    </Block>
  )
}
