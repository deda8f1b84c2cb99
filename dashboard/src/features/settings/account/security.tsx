import { Button, PasswordInput, Stack } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useState } from 'react'
import { useChangePassword } from '@/data/account-settings'
import { showErrors } from '@/lib/form-errors'
import { notifyDone } from '@/ui/notify'
import { Page } from '@/ui/page'
import { Screen } from '@/widgets/screen'
import { Block } from '../block'
import { Problem } from '../problem'
import { SecondFactor } from './second-factor'

export function Security() {
  return (
    <Page title="Password and two-factor" of="Your account" narrow>
      <Password />
      <Screen what="your second factor">
        <SecondFactor />
      </Screen>
    </Page>
  )
}

function Password() {
  const change = useChangePassword()
  const [problem, setProblem] = useState<string | null>(null)
  const form = useForm({
    initialValues: { current_password: '', new_password: '', again: '' },
    validate: {
      current_password: (text) => (text ? null : 'Your password of now.'),
      again: (text, { new_password }) => (text === new_password ? null : 'The two differ.'),
    },
  })
  const submit = form.onSubmit(({ current_password, new_password }) =>
    change.mutate(
      { current_password, new_password },
      {
        onSuccess: () => {
          form.reset()
          setProblem(null)
          notifyDone({ message: 'Your password was changed; other devices are signed out' })
        },
        onError: (error) => setProblem(showErrors(form, error)),
      },
    ),
  )
  return (
    <Block title="Password">
      <form onSubmit={submit} noValidate>
        <Stack gap="sm" maw={360}>
          <PasswordInput
            label="Password of now"
            autoComplete="current-password"
            {...form.getInputProps('current_password')}
          />
          <PasswordInput
            label="New password"
            autoComplete="new-password"
            {...form.getInputProps('new_password')}
          />
          <PasswordInput
            label="New password again"
            autoComplete="new-password"
            {...form.getInputProps('again')}
          />
          <Problem text={problem} />
          <Button type="submit" mr="auto" loading={change.isPending}>
            Change the password
          </Button>
        </Stack>
      </form>
    </Block>
  )
}
