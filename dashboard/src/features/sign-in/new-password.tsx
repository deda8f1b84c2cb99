import { Anchor, Button, PasswordInput, Text } from '@mantine/core'
import { useForm } from '@mantine/form'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useNewPassword } from '@/data/account'
import { showErrors } from '@/lib/form-errors'
import { FrontForm, FrontPage } from './front-page'

/** Where a password link leads. */
export function NewPassword({ uid, token }: { uid: string; token: string }) {
  const form = useForm({ initialValues: { new_password: '' } })
  const [problem, setProblem] = useState<string | null>(null)
  const change = useNewPassword()
  const submit = form.onSubmit(({ new_password }) => {
    setProblem(null)
    change.mutate({ uid, token, new_password }, { onError: (error) => setProblem(showErrors(form, error)) })
  })
  return (
    <FrontPage title="Choose a password">
      {change.isSuccess ? (
        <>
          <Text size="sm" role="status" mb="md">
            The password is set. You can sign in now.
          </Text>
          <Button component={Link} to="/login">
            Sign in
          </Button>
        </>
      ) : (
        <FrontForm problem={problem} onSubmit={submit}>
          <PasswordInput
            label="New password"
            autoComplete="new-password"
            autoFocus
            {...form.getInputProps('new_password')}
          />
          <Button type="submit" loading={change.isPending}>
            Set the password
          </Button>
          <Anchor component={Link} to="/password-recovery" size="sm">
            Ask for a new link
          </Anchor>
        </FrontForm>
      )}
    </FrontPage>
  )
}
