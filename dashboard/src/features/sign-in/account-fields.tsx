import { Group, PasswordInput, TextInput } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'

export interface AccountFacts {
  first_name: string
  last_name: string
  email: string
  password: string
}

export const NOBODY: AccountFacts = { first_name: '', last_name: '', email: '', password: '' }

/** Complaints come on submit, not while somebody still types. */
export const accountRules = {
  first_name: (text: string) => (text.trim() ? null : 'Enter your first name.'),
  last_name: (text: string) => (text.trim() ? null : 'Enter your last name.'),
  email: (text: string) => (/^\S+@\S+$/.test(text.trim()) ? null : 'Enter an e-mail address.'),
  password: (text: string) => (text.length >= 8 ? null : 'Use at least 8 characters.'),
}

/** Who somebody is, for signing up. */
export function AccountFields<Facts extends AccountFacts>({ form }: { form: UseFormReturnType<Facts> }) {
  return (
    <>
      <Group grow align="start" gap="sm">
        <TextInput
          label="First name"
          autoComplete="given-name"
          autoFocus
          {...form.getInputProps('first_name')}
        />
        <TextInput label="Last name" autoComplete="family-name" {...form.getInputProps('last_name')} />
      </Group>
      <TextInput label="E-mail" type="email" autoComplete="username" {...form.getInputProps('email')} />
      <PasswordInput
        label="Password"
        description="At least 8 characters; a sentence is fine."
        autoComplete="new-password"
        {...form.getInputProps('password')}
      />
    </>
  )
}
