import { Button, Checkbox, Modal, SegmentedControl, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useState } from 'react'
import { useConsequences, useSaveRule, type SignInRule, type SignInRuleDraft } from '@/data/policy'
import type { SignInMethod } from '@/data/sign-in'
import { showErrors } from '@/lib/form-errors'
import { METHOD_NAMES } from '@/lib/method-names'
import { confirm } from '@/ui/confirm'
import { notifyDone } from '@/ui/notify'
import { Problem } from '../problem'
import { KeptOut, keepsSomebodyOut } from './kept-out'
import { EVERYBODY_ELSE, whom } from './rule-words'

interface RuleFormProps {
  /** Null for one that is being made. */
  rule: SignInRule | null
  rules: readonly SignInRule[]
  configured: readonly SignInMethod[]
  onClose: () => void
}

/** One rule; whom it would keep out is said before it is saved. */
export function RuleForm({ rule, rules, configured, onClose }: RuleFormProps) {
  const hasGeneral = rules.some(({ domain, id }) => domain === EVERYBODY_ELSE && id !== rule?.id)
  const [isGeneral, setGeneral] = useState(rule?.domain === EVERYBODY_ELSE)
  const [problem, setProblem] = useState<string | null>(null)
  const form = useForm<{ domain: string; methods: string[] }>({
    initialValues: {
      domain: rule && rule.domain !== EVERYBODY_ELSE ? rule.domain : '',
      methods: [...(rule?.methods ?? configured)],
    },
    validate: {
      domain: (text) => (isGeneral || text.trim() ? null : 'What stands behind the @, such as acme.com.'),
      methods: (chosen) => (chosen.length > 0 ? null : 'Choose at least one.'),
    },
  })
  const { save, isPending } = useCarefulSave(rule, {
    onFailed: (error) => setProblem(showErrors(form, error)),
    onSaved: onClose,
  })
  const submit = form.onSubmit(({ domain, methods }) => {
    setProblem(null)
    save({
      domain: isGeneral ? EVERYBODY_ELSE : domain.trim(),
      methods: NAMES.filter((method) => methods.includes(method)),
    })
  })
  return (
    <Modal opened centered onClose={onClose} title={rule ? `Rule for ${whom(rule.domain)}` : 'New rule'}>
      <form onSubmit={submit} noValidate>
        <Stack gap="sm">
          {(!hasGeneral || isGeneral) && (
            <SegmentedControl
              size="xs"
              aria-label="Whom it is for"
              data={[
                { value: 'domain', label: 'One domain' },
                { value: 'general', label: 'Everybody else' },
              ]}
              value={isGeneral ? 'general' : 'domain'}
              onChange={(next) => setGeneral(next === 'general')}
            />
          )}
          {!isGeneral && (
            <TextInput
              data-autofocus
              label="Domain of the e-mail addresses"
              description="Exactly this one, not those below it."
              placeholder="acme.com"
              autoCapitalize="none"
              spellCheck={false}
              {...form.getInputProps('domain')}
            />
          )}
          <Checkbox.Group label="They may sign in by" {...form.getInputProps('methods')}>
            <Stack gap={6} mt={6}>
              {NAMES.map((method) => (
                <Checkbox
                  key={method}
                  value={method}
                  label={METHOD_NAMES[method]}
                  {...(configured.includes(method) ? {} : { description: missing(method) })}
                />
              ))}
            </Stack>
          </Checkbox.Group>
          <Problem text={problem} />
          <Button type="submit" ml="auto" loading={isPending}>
            Save the rule
          </Button>
        </Stack>
      </form>
    </Modal>
  )
}

/** Saves a rule; asks first when that keeps somebody out. */
function useCarefulSave(
  known: SignInRule | null,
  { onFailed, onSaved }: { onFailed: (error: unknown) => void; onSaved: () => void },
) {
  const preview = useConsequences()
  const save = useSaveRule()
  const keep = (body: SignInRuleDraft) =>
    save.mutate(
      { known, body },
      {
        onError: onFailed,
        onSuccess: () => {
          notifyDone({ message: `The rule for ${whom(body.domain)} was saved` })
          onSaved()
        },
      },
    )
  const consider = (body: SignInRuleDraft) =>
    preview.mutate(
      { known, body },
      {
        onError: onFailed,
        onSuccess: (told) => {
          if (!keepsSomebodyOut(told)) return keep(body)
          confirm({
            title: 'Keep these people out?',
            children: <KeptOut told={told} calm="" />,
            action: 'Save the rule',
            destructive: true,
            onConfirm: () => keep(body),
          })
        },
      },
    )
  return { save: consider, isPending: preview.isPending || save.isPending }
}

const missing = (method: SignInMethod) =>
  method === 'passkey' ? 'Nobody has one yet.' : 'Not set up on this server.'

const NAMES: readonly SignInMethod[] = ['password', 'passkey', 'github', 'google', 'oidc', 'saml', 'ldap']
