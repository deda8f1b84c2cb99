"""Who may write flags by the newer routes: which part of the body needs which right, and limits by tags."""

import pytest

from burgee.control.access.models import CustomRole, Grant, RoleAssignment
from burgee.control.kit.actor import SYSTEM
from burgee.control.targeting.edits import AddSegment, ForIdentity, ForSegment, Set
from burgee.control.targeting.models import FeatureSegment, FeatureState, FlagVersion
from burgee.control.targeting.services import apply
from tests.control.api.conftest import client_of
from tests.factories.environments import an_environment
from tests.factories.features import a_feature, a_tag
from tests.factories.grants import a_grant
from tests.factories.identities import an_identity
from tests.factories.projects import a_project
from tests.factories.segments import a_segment

VIEW, UPDATE, OVERRIDE = "VIEW_ENVIRONMENT", "UPDATE_FEATURE_STATE", "MANAGE_SEGMENT_OVERRIDES"


@pytest.fixture
def environment(organisation):
    return an_environment(a_project(organisation), use_v2_feature_versioning=True)


@pytest.fixture
def feature(environment):
    return a_feature(environment.project)


@pytest.fixture
def granted(environment, organisation, member):
    """A client of a member with these permissions in the environment, by a role."""

    def client(*permissions, tags=()):
        role = CustomRole.objects.create(organisation=organisation, name="role", live_key="role", tags=list(tags))
        RoleAssignment.objects.create(role=role, user=member, live_key="assignment")
        Grant.objects.create(
            organisation=organisation,
            project=environment.project,
            environment=environment,
            role=role,
            permissions=[{"key": key, "tags": []} for key in permissions],
            live_key="grant",
        )
        return client_of(member)

    return client


def whole(environment, feature):
    return f"/api/__future__/environments/{environment.api_key}/features/{feature.pk}/"


@pytest.mark.parametrize(
    ("permissions", "read", "default", "override"),
    [
        ([VIEW], 200, 404, 404),
        ([VIEW, UPDATE], 200, 200, 403),
        ([VIEW, OVERRIDE], 200, 403, 200),
        ([VIEW, UPDATE, OVERRIDE], 200, 200, 200),
    ],
)
def test_each_part_of_a_flag_needs_its_own_right(environment, feature, granted, permissions, read, default, override):
    client, path = granted(*permissions), whole(environment, feature)
    segment = a_segment(environment.project)
    overrides = {"segment_overrides": [{"segment": {"id": segment.pk}}]}

    assert client.get(path).status_code == read
    assert client.patch(path, {"environment_default": {"enabled": True}}, format="json").status_code == default
    assert client.put(path, overrides, format="json").status_code == override
    assert client.delete(f"{path}segment-overrides/{segment.pk}/").status_code == override


def test_a_right_limited_to_tags_reaches_features_with_one_of_them(environment, feature, granted):
    tag = a_tag(environment.project)
    tagged = a_feature(environment.project)
    tagged.tags.add(tag)
    client = granted(VIEW, UPDATE, tags=[tag.pk])

    for flag, right in ((tagged, True), (feature, False)):
        versions = f"/api/v1/environments/{environment.pk}/features/{flag.pk}/versions/"
        live = FlagVersion.objects.get(feature=flag, status="live")
        by_name = {"feature": {"id": flag.pk}, "enabled": True, "value": {"type": "string", "value": "x"}}
        experiments = f"/api/experiments/environments/{environment.api_key}"
        changed = {"environment_default": {"enabled": True}}
        statuses = [
            client.get(versions).status_code,
            client.post(versions, {}, format="json").status_code,
            client.post(f"{versions}{live.uuid}/publish/", {}, format="json").status_code,
            client.delete(f"{versions}{live.uuid}/").status_code,
            client.post(f"{versions}{live.uuid}/featurestates/", {}, format="json").status_code,
            client.post(f"{experiments}/update-flag-v1/", by_name, format="json").status_code,
            client.patch(whole(environment, flag), changed, format="json").status_code,
        ]
        assert statuses == ([200, 201, 200, 400, 400, 204, 200] if right else [200, 403, 403, 403, 403, 403, 404])


def test_viewing_alone_reads_versions_and_writes_none(environment, feature, granted):
    client = granted(VIEW)
    versions = f"/api/v1/environments/{environment.pk}/features/{feature.pk}/versions/"
    live = FlagVersion.objects.get(feature=feature)
    assert client.get(f"{versions}{live.uuid}/featurestates/").status_code == 200
    assert client.get(f"/api/v1/environment-feature-versions/{live.uuid}/").status_code == 200
    assert client.post(versions, {}, format="json").status_code == 403
    assert client.post(f"/api/v1/environments/{environment.api_key}/disable-v2-versioning/").status_code == 403


@pytest.mark.parametrize(
    ("rights", "expected"),
    [((), [403] * 6), (("MANAGE_IDENTITIES", "VIEW_IDENTITIES"), [200, 201, 200, 200, 200, 204])],
)
def test_overrides_of_identities_need_their_right_on_every_route(organisation, member, rights, expected):
    environment = an_environment(a_project(organisation))
    feature, person = a_feature(environment.project), an_identity(environment)
    a_grant(member, environment.project, "VIEW_PROJECT")
    a_grant(member, environment, VIEW, UPDATE, *rights)
    client, target = client_of(member), ForIdentity(person.pk)
    save = f"/api/v1/projects/{feature.project_id}/features/{feature.pk}/save/"
    draft = {"identity_overrides": [{"identity": {"id": person.pk}, "enabled": True}]}
    states, here = "/api/v1/features/featurestates/", f"/api/v1/environments/{environment.api_key}/featurestates/"
    new = {"feature": feature.pk, "environment": environment.pk, "identity": person.pk, "enabled": True}

    statuses = [client.post(save, {"environments": {environment.api_key: draft}}, format="json").status_code]
    FeatureState.objects.of_identities().delete()
    statuses.append(client.post(states, new, format="json").status_code)
    apply(environment, feature, [Set(target=target, enabled=True)], actor=SYSTEM)
    own = f"{FeatureState.objects.of_identities().get().pk}/"
    statuses += [client.put(route + own, {"enabled": False}, format="json").status_code for route in (states, here)]
    statuses.append(client.get(here, {"anyIdentity": "1"}).status_code)
    statuses.append(client.delete(here + own).status_code)
    assert statuses == expected


@pytest.fixture
def v1(environment):
    """The same without versions."""
    environment.use_v2_feature_versioning = False
    environment.save()
    return environment


@pytest.mark.parametrize(
    ("permissions", "default", "override"),
    [([VIEW, UPDATE], 200, 403), ([VIEW, OVERRIDE], 403, 403), ([VIEW, UPDATE, OVERRIDE], 200, 200)],
)
def test_states_of_segments_need_the_right_to_override(v1, granted, permissions, default, override):
    client, feature, segment = granted(*permissions), a_feature(v1.project), a_segment(v1.project)
    apply(v1, feature, [Set(target=ForSegment(segment.pk), enabled=False)], actor=SYSTEM)
    states = {state.feature_segment_id: state for state in FeatureState.objects.filter(feature=feature)}
    (own,) = (state for place, state in states.items() if place is not None)
    path = f"/api/v1/environments/{v1.api_key}/featurestates/"

    assert client.patch(f"{path}{states[None].pk}/", {"enabled": True}, format="json").status_code == default
    for method in (client.put, client.patch):
        assert method(f"{path}{own.pk}/", {"enabled": True}, format="json").status_code == override
    gone = client.delete(f"{path}{own.pk}/").status_code
    assert gone == (204 if override == 200 else 403)


def test_a_place_in_the_order_gets_no_state_without_the_right_to_override(v1, granted):
    client, feature, segment = granted(VIEW, UPDATE), a_feature(v1.project), a_segment(v1.project)
    apply(v1, feature, [AddSegment(segment_id=segment.pk)], actor=SYSTEM)
    place = FeatureSegment.objects.get(feature=feature)
    body = {"feature": feature.pk, "feature_segment": place.pk, "enabled": True}

    assert client.post(f"/api/v1/environments/{v1.api_key}/featurestates/", body, format="json").status_code == 403


def _state_of(segment):
    value = {"type": "unicode", "string_value": "new"}
    return {"feature_segment": {"segment": segment.pk}, "enabled": True, "feature_state_value": value}


@pytest.mark.parametrize(
    "change",
    [
        lambda segment, _: {"feature_states_to_create": [_state_of(segment)]},
        lambda _, other: {"feature_states_to_update": [_state_of(other)]},
        lambda _, other: {"segment_ids_to_delete_overrides": [other.pk]},
    ],
    ids=["create", "update", "delete"],
)
def test_a_version_overrides_no_segment_without_the_right(environment, feature, granted, change):
    segment, other = a_segment(environment.project), a_segment(environment.project)
    apply(environment, feature, [Set(target=ForSegment(other.pk), enabled=False)], actor=SYSTEM)
    path = f"/api/v1/environments/{environment.pk}/features/{feature.pk}/versions/"
    client = granted(VIEW, UPDATE)

    assert client.post(path, {}, format="json").status_code == 201
    assert client.post(path, change(segment, other), format="json").status_code == 403


def test_a_draft_takes_no_override_without_the_right(environment, feature, granted):
    segment = a_segment(environment.project)
    path = f"/api/v1/environments/{environment.pk}/features/{feature.pk}/versions/"
    client = granted(VIEW, UPDATE)
    states = f"{path}{client.post(path, {}, format='json').json()['uuid']}/featurestates/"
    body = {"feature_segment": {"segment": segment.pk}, "enabled": True, "feature_state_value": {}}

    assert client.post(states, body, format="json").status_code == 403
    (default,) = client.get(states).json()
    assert client.patch(f"{states}{default['id']}/", {"enabled": True}, format="json").status_code == 200
