import { Anchor, Button, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useForgottenPassword } from '@/data/account'
import { showErrors } from '@/lib/form-errors'
import { FrontForm, FrontPage } from './front-page'

export function ForgottenPassword() {
  const form = useForm({ initialValues: { email: '' } })
  const [problem, setProblem] = useState<string | null>(null)
  const ask = useForgottenPassword()
  const submit = form.onSubmit(({ email }) => {
    setProblem(null)
    ask.mutate(email, { onError: (error) => setProblem(showErrors(form, error)) })
  })
  return (
    <FrontPage title="Forgot the password?">
      {ask.isSuccess ? (
        <Text size="sm" role="status" mb="md">
          If {form.values.email} has an account here, a link to set a new password is on its way. When no mail
          arrives, ask your administrator.
        </Text>
      ) : (
        <FrontForm problem={problem} onSubmit={submit}>
          <TextInput
            label="E-mail"
            type="email"
            autoComplete="username"
            autoFocus
            {...form.getInputProps('email')}
          />
          <Button type="submit" loading={ask.isPending}>
            Send the link
          </Button>
        </FrontForm>
      )}
      <Anchor component={Link} to="/login" size="sm" mt="sm" display="inline-block">
        Back to sign in
      </Anchor>
    </FrontPage>
  )
}
