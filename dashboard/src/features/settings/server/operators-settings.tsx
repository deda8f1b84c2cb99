import { Code, Text } from '@mantine/core'
import { useSuspenseQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { policySettings, type PolicySettings } from '@/data/policy'
import { plural } from '@/lib/format'
import { methodName } from '@/lib/method-names'
import { Moment } from '@/widgets/moment'
import { Block } from '../block'
import { Listing } from '../listing'

interface Fact {
  variable: string
  name: string
  value: ReactNode
}

/** What only the operator of the server changes, in its environment. */
export function OperatorsSettings() {
  const { data: told } = useSuspenseQuery(policySettings)
  return (
    <>
      <Block
        title="Set by the operator"
        about="Variables of the server’s environment; they change with a restart."
      >
        <Listing
          label="settings of the server"
          rows={factsOf(told)}
          rowKey={({ variable }) => variable}
          words={({ name, variable }) => `${name} ${variable}`}
          empty="None."
          columns={[
            { id: 'name', header: 'Setting', cell: ({ name }) => name },
            { id: 'value', header: 'Now', cell: ({ value }) => <strong>{value}</strong> },
            {
              id: 'variable',
              header: 'Variable',
              wide: true,
              cell: ({ variable }) => <Code>{variable}</Code>,
            },
          ]}
        />
      </Block>
      <BreakGlass people={told.break_glass} />
    </>
  )
}

function factsOf(told: PolicySettings): readonly Fact[] {
  return [
    {
      variable: 'BURGEE_SIGN_IN_METHODS',
      name: 'Ways for everybody else, before the rule above',
      value: told.everywhere.length > 0 ? told.everywhere.map(methodName).join(', ') : 'not set',
    },
    {
      variable: 'PREVENT_EMAIL_PASSWORD',
      name: 'Passwords',
      value: told.prevent_email_password ? 'refused, whatever the rules say' : 'as the rules say',
    },
    {
      variable: 'PREVENT_SIGNUP, ALLOW_REGISTRATION_WITHOUT_INVITE',
      name: 'Signing up',
      value: told.allow_registration_without_invite && !told.prevent_signup ? 'open' : 'only who is invited',
    },
    {
      variable: 'BURGEE_SESSION_DAYS',
      name: 'A sign-in lasts',
      value: told.session_days ? plural(told.session_days, 'day') : 'until it is ended',
    },
    {
      variable: 'BURGEE_SESSION_IDLE_DAYS',
      name: 'Unused, it ends after',
      value: told.session_idle_days ? plural(told.session_idle_days, 'day') : 'never',
    },
  ]
}

function BreakGlass({ people }: { people: PolicySettings['break_glass'] }) {
  return (
    <Block
      title="Break-glass access"
      about="For when a provider is down: these people may sign in with a password whatever the rules say. Each use stands in the audit log, and every superuser gets a letter."
    >
      <Listing
        label="break-glass accounts"
        rows={people}
        rowKey={({ email, until }) => `${email} ${until ?? ''}`}
        words={({ email }) => email}
        empty="Nobody. Should every provider be away, only a command on the server lets a superuser in."
        columns={[
          { id: 'email', header: 'Who', cell: ({ email }) => <strong>{email}</strong> },
          {
            id: 'until',
            header: 'Until',
            cell: ({ until }) => (until ? <Moment at={until} /> : 'always, by BURGEE_BREAK_GLASS_EMAILS'),
          },
        ]}
      />
      <Text size="xs" c="dimmed" mt="xs">
        <Code>burgee break-glass ada@acme.com</Code> on the server lets a superuser in for a day;{' '}
        <Code>--end</Code> takes it back.
      </Text>
    </Block>
  )
}
