import { Button, Checkbox, Group, Modal, PasswordInput, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useDisclosure } from '@mantine/hooks'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { me, useSignOut, type Me } from '@/data/account'
import { useChangeEmail, useChangeNames, useDeleteAccount } from '@/data/account-settings'
import { keys } from '@/data/keys'
import { messageOf } from '@/lib/errors'
import { showErrors } from '@/lib/form-errors'
import { notifyDone } from '@/ui/notify'
import { Page } from '@/ui/page'
import { SaveBar } from '@/widgets/save-bar'
import { Block, Danger } from '../block'
import { useDraft } from '../draft'
import { Problem } from '../problem'

export function Profile() {
  const { data: person } = useQuery(me)
  const signOut = useSignOut()
  const navigate = useNavigate()
  const leave = () =>
    signOut.mutate(undefined, { onSuccess: () => void navigate({ to: '/login', ignoreBlocker: true }) })
  return (
    <Page
      title="Profile"
      of="Your account"
      narrow
      actions={
        <Button variant="default" onClick={leave} loading={signOut.isPending}>
          Sign out
        </Button>
      }
    >
      {person && (
        <>
          <Names person={person} />
          <Email person={person} />
          <DeleteAccount person={person} />
        </>
      )}
    </Page>
  )
}

function Names({ person }: { person: Me }) {
  const { draft, set, amount, discard } = useDraft({
    first_name: person.first_name,
    last_name: person.last_name,
  })
  const change = useChangeNames()
  const save = () =>
    change.mutate(draft, {
      onSuccess: () => {
        discard()
        notifyDone({ message: 'Your name was saved' })
      },
    })
  return (
    <Stack gap="sm" mt="xs">
      <Group grow align="flex-start">
        <TextInput
          label="First name"
          value={draft.first_name}
          onChange={(event) => set('first_name', event.currentTarget.value)}
        />
        <TextInput
          label="Last name"
          value={draft.last_name}
          onChange={(event) => set('last_name', event.currentTarget.value)}
        />
      </Group>
      <Problem text={change.error && messageOf(change.error)} />
      <SaveBar changes={amount} onDiscard={discard} saving={change.isPending} onSave={save} />
    </Stack>
  )
}

function Email({ person }: { person: Me }) {
  const change = useChangeEmail()
  const [problem, setProblem] = useState<string | null>(null)
  const form = useForm({
    initialValues: { new_email: '', current_password: '' },
    validate: {
      new_email: (text) => (/^[^\s@]+@[^\s@]+$/.test(text) ? null : 'An e-mail address, please.'),
      current_password: (text) => (text ? null : 'Your password, to be sure that it is you.'),
    },
  })
  const submit = form.onSubmit((given) =>
    change.mutate(given, {
      onSuccess: () => {
        form.reset()
        setProblem(null)
        notifyDone({ message: 'Your e-mail address was changed, or a letter was sent to confirm it' })
      },
      onError: (error) => setProblem(showErrors(form, error)),
    }),
  )
  return (
    <Block title="E-mail address" about={`You sign in with ${person.email}.`}>
      <form onSubmit={submit} noValidate>
        <Group align="flex-end" gap="xs">
          <TextInput
            label="New address"
            type="email"
            flex={1}
            miw={200}
            {...form.getInputProps('new_email')}
          />
          <PasswordInput
            label="Your password"
            autoComplete="current-password"
            flex={1}
            miw={200}
            {...form.getInputProps('current_password')}
          />
          <Button type="submit" variant="default" loading={change.isPending}>
            Change the address
          </Button>
        </Group>
        <Problem text={problem} />
      </form>
    </Block>
  )
}

function DeleteAccount({ person }: { person: Me }) {
  const [isAsking, dialog] = useDisclosure(false)
  const remove = useDeleteAccount()
  const queryClient = useQueryClient()
  const navigate = useNavigate()
  const [problem, setProblem] = useState<string | null>(null)
  const form = useForm({
    initialValues: { typed: '', current_password: '', delete_orphan_organisations: false },
    validate: { typed: (text) => (text === person.email ? null : `Type ${person.email}`) },
  })
  const submit = form.onSubmit(({ current_password, delete_orphan_organisations }) =>
    remove.mutate(
      { current_password, delete_orphan_organisations },
      {
        onSuccess: () => {
          queryClient.clear()
          queryClient.setQueryData(keys.me, null)
          void navigate({ to: '/login', ignoreBlocker: true })
        },
        onError: (error) => setProblem(showErrors(form, error)),
      },
    ),
  )
  return (
    <>
      <Danger
        title="Delete your account"
        about="What you changed stays in the audit logs. There is no way back."
        action="Delete your account…"
        onAct={dialog.open}
      />
      <Modal opened={isAsking} onClose={dialog.close} title="Delete your account?" centered>
        <form onSubmit={submit} noValidate>
          <Stack gap="sm">
            <TextInput
              data-autofocus
              label={`Type “${person.email}” to confirm`}
              autoComplete="off"
              {...form.getInputProps('typed')}
            />
            <PasswordInput
              label="Your password"
              autoComplete="current-password"
              {...form.getInputProps('current_password')}
            />
            <Checkbox
              label="Also delete organisations in which nobody else is"
              {...form.getInputProps('delete_orphan_organisations', { type: 'checkbox' })}
            />
            <Problem text={problem} />
            <Button type="submit" color="red.8" ml="auto" loading={remove.isPending}>
              Delete my account
            </Button>
          </Stack>
        </form>
      </Modal>
    </>
  )
}
