import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core'

// Marine blue: the one accent, for actions and selection.
const marine: MantineColorsTuple = [
  '#eef4ff',
  '#dbe6fd',
  '#b6cbf8',
  '#8eaef3',
  '#6c94ee',
  '#4f7fe9',
  '#2f66d6',
  '#2556b9',
  '#1f4a9f',
  '#173c85',
]

// Cool greys: the dark theme's surfaces and lines.
const dark: MantineColorsTuple = [
  '#e6e9ee',
  '#c3c9d3',
  '#9aa3b1',
  '#6d7685',
  '#3c4450',
  '#2c333d',
  '#21272f',
  '#181d24',
  '#12161c',
  '#0c0f13',
]

const gray: MantineColorsTuple = [
  '#f7f8fa',
  '#f0f2f5',
  '#e5e8ec',
  '#d6dae0',
  '#bcc2cb',
  '#98a0ac',
  '#69727f',
  '#505965',
  '#333b46',
  '#1b2129',
]

/** What one chooses from scrolls itself: a region around it would be one that the keyboard does not reach. */
const list = {
  defaultProps: { withScrollArea: false },
  styles: { options: { maxHeight: 220, overflowY: 'auto' } },
} as const

export const theme = createTheme({
  primaryColor: 'marine',
  primaryShade: 6,
  colors: { marine, dark, gray },
  fontFamily: "'Inter Variable', system-ui, sans-serif",
  fontFamilyMonospace: "'JetBrains Mono Variable', ui-monospace, monospace",
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1.0625rem', xl: '1.375rem' },
  lineHeights: { xs: '1.35', sm: '1.45', md: '1.5', lg: '1.45', xl: '1.3' },
  spacing: { xs: '0.5rem', sm: '0.75rem', md: '1rem', lg: '1.5rem', xl: '2rem' },
  radius: { xs: '3px', sm: '4px', md: '6px', lg: '8px', xl: '12px' },
  defaultRadius: 'md',
  cursorType: 'pointer',
  focusRing: 'auto',
  respectReducedMotion: true,
  headings: {
    fontWeight: '600',
    sizes: { h1: { fontSize: '1.0625rem' }, h2: { fontSize: '0.9375rem' }, h3: { fontSize: '0.875rem' } },
  },
  components: {
    Button: { defaultProps: { size: 'sm' } },
    ActionIcon: { defaultProps: { variant: 'subtle', color: 'gray' } },
    TextInput: { defaultProps: { size: 'sm' } },
    PasswordInput: { defaultProps: { size: 'sm' } },
    Select: {
      defaultProps: { size: 'sm', checkIconPosition: 'right', ...list.defaultProps },
      styles: list.styles,
    },
    MultiSelect: list,
    Autocomplete: list,
    TagsInput: list,
    ColorInput: {
      defaultProps: { eyeDropperButtonProps: { 'aria-label': 'Pick a colour from the screen' } },
    },
    DateTimePicker: {
      defaultProps: { weekendDays: [], submitButtonProps: { 'aria-label': 'Choose this moment' } },
    },
    Textarea: { defaultProps: { size: 'sm' } },
    Tooltip: { defaultProps: { openDelay: 300, withArrow: false, transitionProps: { duration: 100 } } },
    Modal: {
      defaultProps: { transitionProps: { duration: 120 }, closeButtonProps: { 'aria-label': 'Close' } },
    },
    Drawer: {
      defaultProps: { transitionProps: { duration: 120 }, closeButtonProps: { 'aria-label': 'Close' } },
    },
    Menu: {
      // A menu holds nothing but its items.
      defaultProps: { shadow: 'md', transitionProps: { duration: 100 }, withInitialFocusPlaceholder: false },
    },
    // Also what cannot be switched is there to be read.
    Switch: { defaultProps: { color: 'teal.8' }, styles: { label: { color: 'var(--mantine-color-text)' } } },
  },
})

/** The library's own red and yellow are too pale for words. */
const warnings = {
  '--mantine-color-red-text': 'var(--negative)',
  '--mantine-color-red-light': 'var(--negative-surface)',
  '--mantine-color-red-light-color': 'var(--negative)',
  '--mantine-color-red-filled': '#c62a2f',
  '--mantine-color-red-filled-hover': '#a82226',
  '--mantine-color-yellow-light': 'var(--warning-surface)',
  '--mantine-color-yellow-light-color': 'var(--warning)',
}

/** Both themes designed: what differs is named for its purpose in tokens.css. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': '#5b6472',
    '--mantine-color-placeholder': '#667080',
    '--mantine-color-error': '#c62a2f',
    ...warnings,
    '--mantine-color-body': '#ffffff',
  },
  dark: {
    '--mantine-color-dimmed': '#9aa3b1',
    '--mantine-color-placeholder': '#959eac',
    '--mantine-color-error': '#ff8589',
    ...warnings,
    '--mantine-color-body': '#12161c',
  },
})
