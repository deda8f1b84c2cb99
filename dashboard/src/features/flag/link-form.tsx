import { Button, Group, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import type { KeyboardEvent } from 'react'
import { useAddLink } from '@/data/feature-links'
import { showErrors } from '@/lib/form-errors'
import type { FeatureId } from '@/lib/ids'
import { notifyDone } from '@/ui/notify'
import { useProject } from '@/widgets/use-environment'
import { addressFrom, withTitle } from './link-words'
import classes from './links.module.css'

/** One more link, where it will stand. */
export function LinkForm({ feature, onClose }: { feature: FeatureId; onClose: () => void }) {
  const add = useAddLink(useProject().id, feature, { quiet: true })
  const form = useForm({
    initialValues: { url: '', title: '' },
    validate: { url: (text) => (text.trim() ? null : 'Paste where it leads.') },
  })
  const submit = form.onSubmit(({ url, title }) => {
    if (add.isPending) return
    add.mutate(
      { url: addressFrom(url), metadata: withTitle(null, title) },
      {
        onSuccess: () => {
          notifyDone({ message: 'The link is added' })
          onClose()
        },
        onError: (error) => {
          const problem = showErrors(form, error)
          if (problem !== null) form.setFieldError('url', problem)
        },
      },
    )
  })
  const leave = ({ key }: KeyboardEvent) => key === 'Escape' && onClose()
  return (
    <form className={classes['form']} onSubmit={submit} noValidate>
      <TextInput
        size="xs"
        label="URL"
        placeholder="https://"
        inputMode="url"
        autoFocus
        onKeyDown={leave}
        {...form.getInputProps('url')}
      />
      <TextInput
        size="xs"
        label="Title"
        placeholder="As the address says"
        maxLength={200}
        onKeyDown={leave}
        {...form.getInputProps('title')}
      />
      <Group gap="xs" justify="flex-end">
        <Button size="compact-sm" variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button size="compact-sm" type="submit" loading={add.isPending}>
          Add link
        </Button>
      </Group>
    </form>
  )
}
