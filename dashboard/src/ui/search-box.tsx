import { CloseButton, TextInput, type TextInputProps } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'

interface SearchBoxProps extends Pick<
  TextInputProps,
  'id' | 'placeholder' | 'w' | 'flex' | 'size' | 'onBlur'
> {
  label: string
  text: string | undefined
  /** Undefined when nothing is searched for. */
  onText: (text: string | undefined) => void
}

/** Narrows a list with each key; Escape or the cross clears it. */
export function SearchBox({ label, text, onText, ...rest }: SearchBoxProps) {
  return (
    <TextInput
      {...rest}
      aria-label={label}
      leftSection={<IconSearch size={15} />}
      value={text ?? ''}
      onChange={(event) => onText(event.currentTarget.value || undefined)}
      onKeyDown={(event) => event.key === 'Escape' && onText(undefined)}
      rightSection={
        text ? (
          <CloseButton size="sm" aria-label="Clear the search" onClick={() => onText(undefined)} />
        ) : null
      }
    />
  )
}
