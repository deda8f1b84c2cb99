import { useSuspenseQuery } from '@tanstack/react-query'
import { sourceLinks, useDeleteSourceLink, type SourceLink } from '@/data/own-sign-ins'
import { confirm } from '@/ui/confirm'
import { notifyDone } from '@/ui/notify'
import { Moment } from '@/widgets/moment'
import { Block } from '../block'
import { Listing } from '../listing'
import { RowMenu } from '../row-menu'
import { methodName } from './device'

/** Providers and connections that know the account; unseen while there are none. */
export function SourceLinks() {
  const { data: links } = useSuspenseQuery(sourceLinks)
  const remove = useDeleteSourceLink()
  if (links.length === 0) return null
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
    <Block title="Linked sign-ins" about="Whose word opens your account.">
      <Listing
        label="linked sign-ins"
        rows={links}
        rowKey={({ id }) => id}
        words={({ method, key }) => `${methodName(method)} ${key}`}
        empty="None."
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
          {
            id: 'actions',
            header: '',
            width: '48px',
            align: 'end',
            cell: (link) => (
              <RowMenu
                of={methodName(link.method)}
                actions={[{ label: 'Unlink…', onClick: () => drop(link), destructive: true }]}
              />
            ),
          },
        ]}
      />
    </Block>
  )
}
