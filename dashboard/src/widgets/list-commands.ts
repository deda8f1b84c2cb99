import { IconPlus } from '@tabler/icons-react'
import { useMemo } from 'react'
import { usePaletteActions } from './palette-actions'
import { useShortcuts } from './shortcuts'

interface ListCommands {
  /** What is listed, and what one of it is called: "features", "a feature". */
  things: string
  one: string
  /** The id of the box that searches them. */
  searchBox: string
  create: () => void
}

/** What every list offers: `/` searches, `c` and the palette create. */
export function useListCommands({ things, one, searchBox, create }: ListCommands): void {
  usePaletteActions(
    useMemo(
      () => [
        {
          id: `create-${searchBox}`,
          label: `Create ${one}`,
          group: 'Actions',
          icon: IconPlus,
          run: create,
        },
      ],
      [one, searchBox, create],
    ),
  )
  useShortcuts(
    useMemo(
      () => [
        {
          keys: '/',
          about: `Search the ${things}`,
          run: () => document.getElementById(searchBox)?.focus(),
        },
        { keys: 'c', about: `Create ${one}`, run: create },
      ],
      [things, one, searchBox, create],
    ),
  )
}
