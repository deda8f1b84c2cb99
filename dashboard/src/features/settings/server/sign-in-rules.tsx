import { useSuspenseQuery } from '@tanstack/react-query'
import { policySettings, signInRules, useConsequences, useDeleteRule, type SignInRule } from '@/data/policy'
import { messageOf } from '@/lib/errors'
import { methodName } from '@/lib/method-names'
import { Badge } from '@/ui/badge'
import { confirm } from '@/ui/confirm'
import { notifyDone, notifyFailed } from '@/ui/notify'
import { Moment } from '@/widgets/moment'
import type { ListColumn } from '../listing'
import { ManagedList } from '../managed-list'
import { KeptOut } from './kept-out'
import { RuleForm } from './rule-form'
import { whom } from './rule-words'

const FACTS: readonly ListColumn<SignInRule>[] = [
  {
    id: 'domain',
    header: 'People',
    order: ({ domain }) => domain,
    cell: ({ domain }) => <strong>{whom(domain)}</strong>,
  },
  {
    id: 'methods',
    header: 'May sign in by',
    cell: ({ methods }) => (
      <span style={{ display: 'inline-flex', flexWrap: 'wrap', gap: 4 }}>
        {methods.map((method) => (
          <Badge key={method}>{methodName(method)}</Badge>
        ))}
      </span>
    ),
  },
  {
    id: 'changed',
    header: 'Changed',
    wide: true,
    order: ({ changed_at }) => changed_at,
    cell: ({ changed_at }) => <Moment at={changed_at} />,
  },
]

/** The rules of e-mail domains, and the one for everybody else. */
export function SignInRules() {
  const { data: rules } = useSuspenseQuery(signInRules)
  const { data: settings } = useSuspenseQuery(policySettings)
  const preview = useConsequences()
  const remove = useDeleteRule()
  const drop = (rule: SignInRule) =>
    preview.mutate(
      { known: rule, body: { domain: rule.domain, methods: [] } },
      {
        onError: (error) => notifyFailed(messageOf(error)),
        onSuccess: (told) =>
          confirm({
            title: `Delete the rule for ${whom(rule.domain)}?`,
            children: <KeptOut told={told} calm="Nobody is kept out by that." />,
            action: 'Delete the rule',
            destructive: true,
            onConfirm: () =>
              remove.mutate(rule, { onSuccess: () => notifyDone({ message: 'The rule was deleted' }) }),
          }),
      },
    )
  return (
    <ManagedList
      title="Who may sign in by what"
      about="The rule of a domain wins over the one for everybody else. Without any rule, every way that is set up is open."
      label="sign-in rules"
      rows={rules}
      columns={FACTS}
      of={({ domain }) => whom(domain)}
      words={({ domain, methods }) => `${whom(domain)} ${methods.map(methodName).join(' ')}`}
      empty="None: everybody may use every way that is set up."
      add="New rule"
      edit="Edit"
      remove="Delete…"
      onRemove={drop}
      dialog={({ row, close }) => (
        <RuleForm rule={row} configured={settings.configured} rules={rules} onClose={close} />
      )}
    />
  )
}
