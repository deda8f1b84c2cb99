import { Button, Group, Modal, PasswordInput, Stack, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useState } from 'react'
import type { Place } from '@/data/permissions'
import { useSaveWebhook, useTryWebhook, type Webhook } from '@/data/webhooks'
import { messageOf } from '@/lib/errors'
import { showErrors } from '@/lib/form-errors'
import { notifyDone } from '@/ui/notify'

interface WebhookFormProps {
  place: Place
  hook: Webhook | null
  onClose: () => void
}

export function WebhookForm({ place, hook, onClose }: WebhookFormProps) {
  const save = useSaveWebhook(place)
  const attempt = useTryWebhook(place)
  const [problem, setProblem] = useState<string | null>(null)
  const form = useForm({
    initialValues: { url: hook?.url ?? '', secret: hook?.secret ?? '' },
    validate: { url: (text) => (/^https?:\/\/./i.test(text) ? null : 'Begins with https:// or http://') },
  })
  const submit = form.onSubmit((facts) =>
    save.mutate(
      { id: hook?.id ?? null, ...facts, ...(hook ? {} : { enabled: true }) },
      {
        onSuccess: () => {
          notifyDone({ message: hook ? 'The webhook was saved' : 'The webhook was created' })
          onClose()
        },
        onError: (error) => setProblem(showErrors(form, error)),
      },
    ),
  )
  const tryOut = () => {
    if (!form.validate().hasErrors) attempt.mutate(form.values)
  }
  return (
    <Modal opened onClose={onClose} title={hook ? 'Edit the webhook' : 'New webhook'}>
      <form onSubmit={submit} noValidate>
        <Stack gap="sm">
          <TextInput
            data-autofocus
            label="Address"
            placeholder="https://example.com/flags"
            {...form.getInputProps('url')}
            error={form.errors['url'] ?? problem}
          />
          <PasswordInput
            label="Secret"
            description="When given, each message is signed with it"
            autoComplete="off"
            {...form.getInputProps('secret')}
          />
          <Text size="sm" role="status" c={attempt.error ? 'var(--negative)' : 'var(--positive)'}>
            {attempt.error && messageOf(attempt.error)}
            {attempt.data && `It answered ${attempt.data.status}.`}
          </Text>
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={tryOut} loading={attempt.isPending}>
              Send a sample
            </Button>
            <Button type="submit" loading={save.isPending}>
              {hook ? 'Save the webhook' : 'Create the webhook'}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
