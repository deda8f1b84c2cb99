import type { Level } from '@/data/grants'

interface Words {
  label: string
  about: string
}

/** The rights as a person would name them; one that a newer server knows is shown by its key. */
const WORDS: Readonly<Record<string, Words>> = {
  CREATE_PROJECT: { label: 'Create projects', about: 'New projects in this organisation' },
  MANAGE_USER_GROUPS: { label: 'Manage groups', about: 'Groups of people and who is in them' },
  VIEW_PROJECT: { label: 'See the project', about: 'Needed for everything else in it' },
  CREATE_ENVIRONMENT: { label: 'Create environments', about: 'Also by cloning one' },
  CREATE_FEATURE: { label: 'Create features', about: 'New features in all environments' },
  EDIT_FEATURE: { label: 'Edit features', about: 'Descriptions, tags, owners, archiving' },
  DELETE_FEATURE: { label: 'Delete features', about: 'From all environments at once' },
  MANAGE_SEGMENTS: { label: 'Manage segments', about: 'Make, change and delete segments' },
  MANAGE_TAGS: { label: 'Manage tags', about: 'Make, change and delete tags' },
  VIEW_AUDIT_LOG: { label: 'Read the audit log', about: 'Who changed what, and when' },
  CREATE_PROJECT_LEVEL_CHANGE_REQUESTS: { label: 'Propose changes', about: 'Change requests of the project' },
  APPROVE_PROJECT_LEVEL_CHANGE_REQUESTS: {
    label: 'Approve changes',
    about: 'Change requests of the project',
  },
  MANAGE_PROJECT_LEVEL_CHANGE_REQUESTS: { label: 'Publish changes', about: 'Change requests of the project' },
  VIEW_ENVIRONMENT: { label: 'See the environment', about: 'Needed for everything else in it' },
  UPDATE_FEATURE_STATE: { label: 'Change features', about: 'Turn them on and off, change values' },
  MANAGE_SEGMENT_OVERRIDES: { label: 'Target segments', about: 'What features are for segments' },
  VIEW_IDENTITIES: { label: 'See identities', about: 'And their traits' },
  MANAGE_IDENTITIES: { label: 'Manage identities', about: 'Their traits and overrides' },
  CREATE_CHANGE_REQUEST: { label: 'Propose changes', about: 'Change requests' },
  APPROVE_CHANGE_REQUEST: { label: 'Approve changes', about: 'Change requests of others' },
}

export function wordsFor(key: string): Words {
  return WORDS[key] ?? { label: key.toLowerCase().replaceAll('_', ' '), about: '' }
}

export interface Preset {
  label: string
  keys: readonly string[]
}

const PRESETS: Readonly<Record<Level, readonly Preset[]>> = {
  organisation: [],
  project: [
    { label: 'Reader', keys: ['VIEW_PROJECT'] },
    {
      label: 'Editor',
      keys: [
        'VIEW_PROJECT',
        'CREATE_FEATURE',
        'EDIT_FEATURE',
        'MANAGE_SEGMENTS',
        'MANAGE_TAGS',
        'VIEW_AUDIT_LOG',
      ],
    },
  ],
  environment: [
    { label: 'Reader', keys: ['VIEW_ENVIRONMENT', 'VIEW_IDENTITIES'] },
    {
      label: 'Editor',
      keys: [
        'VIEW_ENVIRONMENT',
        'VIEW_IDENTITIES',
        'UPDATE_FEATURE_STATE',
        'MANAGE_SEGMENT_OVERRIDES',
        'MANAGE_IDENTITIES',
      ],
    },
  ],
}

/** Usual sets of rights, to start from. */
export function presetsFor(level: Level): readonly Preset[] {
  return PRESETS[level]
}

/** What must be held for a right to be of any use. */
export function neededFor(level: Level): string | null {
  if (level === 'organisation') return null
  return level === 'project' ? 'VIEW_PROJECT' : 'VIEW_ENVIRONMENT'
}
