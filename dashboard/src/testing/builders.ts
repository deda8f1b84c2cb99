import type { AuditLine } from '@/data/audit'
import type { Feature } from '@/data/features'
import type { Cell, FlagRow } from '@/data/matrix'
import type { Environment, Project } from '@/data/places'
import { environmentKeyFrom, idFrom } from '@/lib/ids'

let last = 0

/** A feature; `on` and `value` are those of the environment. */
export function aFeature({
  on = false,
  value = null,
  ...given
}: Partial<Feature> & { on?: boolean; value?: string | number | boolean | null } = {}): Feature {
  const id = idFrom<Feature['id']>(String(++last))
  return {
    id,
    name: `feature_${id}`,
    type: 'STANDARD',
    description: null,
    created_date: '2026-01-01T00:00:00Z',
    default_enabled: false,
    initial_value: null,
    tags: [],
    multivariate_options: [],
    is_archived: false,
    is_server_key_only: false,
    owners: [],
    environment_feature_state: { id, enabled: on, feature_state_value: value },
    num_segment_overrides: null,
    num_identity_overrides: null,
    last_modified_in_current_environment: null,
    ...given,
  }
}

export function aCell(given: Partial<Cell> = {}): Cell {
  return {
    enabled: false,
    value: null,
    variants: [],
    rollout: null,
    segment_overrides: 0,
    identity_overrides: 0,
    change_number: 1,
    ...given,
  }
}

/** A row of the matrix; off in the environment with the id 1 unless told. */
export function aRow({ id, ...given }: Partial<Omit<FlagRow, 'id'>> & { id?: number } = {}): FlagRow {
  const own = idFrom<FlagRow['id']>(String(id ?? ++last))
  return {
    id: own,
    name: `feature_${own}`,
    type: 'STANDARD',
    description: null,
    is_archived: false,
    is_server_key_only: false,
    created_date: '2026-01-01T00:00:00Z',
    tags: [],
    owners: [],
    variants: [],
    is_stale: false,
    last_change: null,
    last_evaluated: null,
    evaluations: [],
    states: { 1: aCell() },
    ...given,
  }
}

export function aProject(given: Partial<Project> = {}): Project {
  return {
    id: idFrom('1'),
    uuid: 'a1f0',
    name: 'Web shop',
    organisation: idFrom('1'),
    only_allow_lower_case_feature_names: true,
    feature_name_regex: null,
    prevent_flag_defaults: false,
    enforce_feature_owners: false,
    stale_flags_limit_days: 30,
    ...given,
  }
}

export function anEnvironment(given: Partial<Environment> = {}): Environment {
  return {
    id: idFrom('1'),
    uuid: 'b2f0',
    name: 'Production',
    api_key: environmentKeyFrom('prod'),
    description: null,
    project: idFrom('1'),
    minimum_change_request_approvals: null,
    is_protected: false,
    banner_text: null,
    banner_colour: null,
    hide_disabled_flags: null,
    use_v2_feature_versioning: false,
    ...given,
  }
}

/** A line of the audit log. */
export function aLine(given: Partial<AuditLine> = {}): AuditLine {
  return {
    id: 1,
    created_date: '2026-11-22T12:00:00',
    log: 'Flag state updated for feature: dark_mode',
    author: null,
    author_label: null,
    author_kind: 'user',
    environment: null,
    related_object_id: 1,
    related_object_type: 'FEATURE_STATE',
    change_type: 'UPDATE',
    change_details: [],
    can_revert: true,
    ...given,
  }
}
