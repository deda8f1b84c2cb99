import type { Feature } from '@/data/features'
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
    banner_text: null,
    banner_colour: null,
    hide_disabled_flags: null,
    use_v2_feature_versioning: false,
    ...given,
  }
}
