import jsxA11y from 'eslint-plugin-jsx-a11y'
import reactHooks from 'eslint-plugin-react-hooks'
import tseslint from 'typescript-eslint'

// app → features → widgets → data → lib → generated: each may import what stands to its right. ui imports only ui.
const LAYERS = ['app', 'features', 'widgets', 'data', 'lib', 'generated']
const FORBIDDEN = {
  features: ['app'],
  widgets: ['app', 'features'],
  data: ['app', 'features', 'widgets', 'ui'],
  lib: ['app', 'features', 'widgets', 'data', 'ui'],
  ui: LAYERS,
}
const arrows = Object.entries(FORBIDDEN).map(([layer, above]) => ({
  files: [`src/${layer}/**`],
  ignores: ['**/*.test.*'],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          {
            group: above.map((name) => `@/${name}/**`),
            message: `${layer} does not know ${above.join(', ')}.`,
          },
          { group: ['../../../**'], message: 'Use @/… for what is far away.' },
          ...(layer === 'features'
            ? [
                {
                  group: ['@/features/**', '../*/**'],
                  message: 'Features meet in app/routes; shared pieces move down.',
                },
              ]
            : []),
        ],
      },
    ],
  },
}))

// What `React.lazy` loads: it takes the default export.
const LAZY = [
  'src/features/flag/schedule-popover.tsx',
  'src/features/flags/bulk-bar.tsx',
  'src/features/flags/copy-dialog.tsx',
  'src/features/flags/create-feature.tsx',
  'src/features/flags/filter-form.tsx',
  'src/features/flags/value-form.tsx',
  'src/features/flags/views-menu.tsx',
  'src/ui/chart-drawing.tsx',
  'src/ui/code-editor.tsx',
  'src/ui/confirm-dialog.tsx',
  'src/ui/notices.tsx',
  'src/widgets/shell/keyboard-help.tsx',
  'src/widgets/shell/palette.tsx',
  'src/widgets/shell/person-menu.tsx',
  'src/widgets/shell/project-menu.tsx',
]

export default tseslint.config(
  {
    ignores: ['node_modules', '.node', 'src/generated', '**/*.gen.ts', 'screenshots', '**/*.js', '**/*.json'],
  },
  ...tseslint.configs.strictTypeChecked,
  { languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } } },
  jsxA11y.flatConfigs.recommended,
  reactHooks.configs.flat['recommended-latest'],
  {
    rules: {
      'max-lines': ['error', 250],
      'max-lines-per-function': ['error', { max: 80, skipBlankLines: true, skipComments: true }],
      'no-restricted-syntax': ['error', { selector: 'ExportDefaultDeclaration', message: 'Export by name.' }],
      '@typescript-eslint/consistent-type-assertions': ['error', { assertionStyle: 'never' }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: false }],
      '@typescript-eslint/only-throw-error': 'off', // the router's redirects are thrown
      '@typescript-eslint/no-empty-function': 'off',
      'jsx-a11y/no-autofocus': 'off', // the first field of a form that one asked for
      'react-hooks/incompatible-library': 'off', // nothing is compiled here
    },
  },
  ...arrows,
  { files: ['vite.config.ts', ...LAZY], rules: { 'no-restricted-syntax': 'off' } },
  {
    files: ['**/*.test.{ts,tsx}', 'src/testing/**'],
    rules: { 'max-lines-per-function': 'off', '@typescript-eslint/consistent-type-assertions': 'off' },
  },
)
