"""Custom roles: what they grant, to whom, and for features with which tags."""

import pytest

from burgee.control.events.models import Event
from burgee.control.targeting.models import FeatureState
from tests.control.api.conftest import client_of
from tests.control.api.test_master_api_keys import client_with
from tests.factories.environments import an_environment
from tests.factories.features import a_feature, a_tag
from tests.factories.projects import a_project
from tests.factories.segments import a_segment

pytestmark = pytest.mark.database


class Scene:
    def __init__(self, organisation) -> None:
        self.base = f"/api/v1/organisations/{organisation.pk}/"
        self.project = a_project(organisation)
        self.environment = an_environment(self.project)
        self.tag = a_tag(self.project, "mobile")
        self.tagged = a_feature(self.project, name="tagged")
        self.tagged.tags.add(self.tag)
        self.untagged = a_feature(self.project, name="untagged")

    def role(self, api, **facts):
        return api.post(f"{self.base}roles/", {"name": "Release"} | facts, format="json").json()

    def grant(self, api, role, kind, *keys, tags=(), **facts):
        """Grant these keys, those that tags can limit with `tags`."""
        place = {"projects": {"project": self.project.pk}, "environments": {"environment": self.environment.pk}}[kind]
        entries = [{"permission_key": key, "tags": list(tags)} for key in keys]
        path = f"{self.base}roles/{role['id']}/{kind}-permissions/"
        made = api.post(path, place | {"permissions": entries} | facts, format="json")
        assert made.status_code == 201, made.content
        return f"{path}{made.json()['id']}/"

    def give(self, api, role, user):
        made = api.post(f"{self.base}roles/{role['id']}/users/", {"user": user.pk}, format="json")
        assert made.status_code == 201, made.content
        return made.json()


@pytest.fixture
def scene(organisation):
    return Scene(organisation)


def test_a_role_is_made_changed_and_deleted(api, scene):
    made = scene.role(api, description="Ships", tags=[scene.tag.pk])
    one = f"{scene.base}roles/{made['id']}/"

    assert (made["tags"], api.get(one).json()) == ([scene.tag.pk], made)
    assert api.patch(one, {"tags": []}, format="json").json()["tags"] == []
    assert api.put(one, {"name": "Ship"}, format="json").json()["name"] == "Ship"
    assert api.get(f"{scene.base}roles/").json()["count"] == 1
    assert api.delete(one).status_code == 204
    assert api.get(one).status_code == 404
    types = [event.type for event in Event.objects.order_by("id")]
    assert types == ["role.created", "role.changed", "role.changed", "role.deleted"]


def test_a_role_needs_a_free_name_and_known_tags(api, scene):
    scene.role(api)
    path = f"{scene.base}roles/"

    assert list(api.post(path, {"name": "RELEASE"}, format="json").json()) == ["name"]
    foreign = a_tag(a_project())
    assert list(api.post(path, {"name": "x", "tags": [foreign.pk]}, format="json").json()) == ["tags"]


def test_a_role_given_to_a_person_is_theirs_until_it_is_taken(api, member, scene):
    role = scene.role(api)
    scene.grant(api, role, "projects", "VIEW_PROJECT")
    given = scene.give(api, role, member)
    bob = client_of(member)
    path = f"/api/v1/projects/{scene.project.pk}/"

    assert bob.get(path).status_code == 200
    assert [row["name"] for row in api.get(f"{scene.base}users/{member.pk}/roles/").json()["results"]] == ["Release"]
    again = api.post(f"{scene.base}roles/{role['id']}/users/", {"user": member.pk}, format="json")
    assert again.status_code == 400

    assert api.delete(f"{scene.base}roles/{role['id']}/users/{given['id']}/").status_code == 204
    assert bob.get(path).status_code == 404


def test_a_role_reaches_the_people_of_a_group(api, member, scene):
    role = scene.role(api)
    scene.grant(api, role, "environments", admin=True)
    group = api.post(f"{scene.base}groups/", {"name": "devs"}, format="json").json()
    api.post(f"{scene.base}groups/{group['id']}/add-users/", {"user_ids": [member.pk]}, format="json")

    given = api.post(f"{scene.base}roles/{role['id']}/groups/", {"group": group["id"]}, format="json").json()

    mine = f"/api/v1/environments/{scene.environment.api_key}/my-permissions/"
    assert client_of(member).get(mine).json()["admin"] is True
    inspected = f"/api/v1/environments/{scene.environment.api_key}/user-detailed-permissions/{member.pk}/"
    assert api.get(inspected).json()["derived_from"]["roles"] == [{"id": role["id"], "name": "Release", "tags": []}]
    assert given["group"] == group["id"]
    assert api.delete(f"{scene.base}groups/{group['id']}/roles/{role['id']}/").status_code == 204
    assert client_of(member).get(mine).status_code == 403


def test_a_key_may_what_its_roles_grant(api, scene):
    key = api.post(f"{scene.base}master-api-keys/", {"name": "ci", "is_admin": False}, format="json").json()
    role = scene.role(api)
    scene.grant(api, role, "projects", "VIEW_PROJECT", "CREATE_FEATURE")
    given = api.post(f"{scene.base}roles/{role['id']}/master-api-keys/", {"master_api_key": key["id"]}, format="json")
    machine = client_with(key["key"])
    features = f"/api/v1/projects/{scene.project.pk}/features/"

    assert (given.status_code, given.json()["role_name"]) == (201, "Release")
    assert machine.post(features, {"name": "new"}, format="json").status_code == 201
    assert machine.delete(f"{features}{scene.untagged.pk}/").status_code == 403
    of_key = f"{scene.base}master-api-keys/{key['prefix']}/roles/"
    assert api.get(of_key).json()["count"] == 1
    assert api.delete(f"{of_key}{role['id']}/detach-roles-from-master-api-key/").status_code == 204
    assert machine.get(features).status_code == 404


def test_a_role_grants_in_the_organisation_too(api, member, organisation, scene):
    role = scene.role(api)
    path = f"{scene.base}roles/{role['id']}/organisation-permissions/"
    made = api.post(path, {"permissions": ["CREATE_PROJECT"]}, format="json").json()
    scene.give(api, role, member)
    body = {"name": "Mine", "organisation": organisation.pk}

    assert client_of(member).post("/api/v1/projects/", body, format="json").status_code == 201
    assert api.put(f"{path}{made['id']}/", {"permissions": []}, format="json").json()["permissions"] == []
    other = body | {"name": "Other"}
    assert client_of(member).post("/api/v1/projects/", other, format="json").status_code == 403


def test_a_tag_limited_role_deletes_features_with_the_tag_alone(api, member, scene):
    role = scene.role(api, tags=[scene.tag.pk])
    scene.grant(api, role, "projects", "VIEW_PROJECT", "DELETE_FEATURE")
    scene.give(api, role, member)
    bob = client_of(member)
    features = f"/api/v1/projects/{scene.project.pk}/features/"

    assert bob.get(f"/api/v1/projects/{scene.project.pk}/my-permissions/").json() == {
        "permissions": ["VIEW_PROJECT"],
        "admin": False,
        "tag_based_permissions": [{"permissions": ["DELETE_FEATURE"], "tags": [scene.tag.pk]}],
    }
    assert bob.delete(f"{features}{scene.untagged.pk}/").status_code == 403
    assert bob.delete(f"{features}{scene.tagged.pk}/").status_code == 204


def test_a_tag_limited_role_changes_states_of_features_with_the_tag_alone(api, member, scene):
    role = scene.role(api)
    scene.grant(api, role, "environments", "VIEW_ENVIRONMENT", "UPDATE_FEATURE_STATE", tags=[scene.tag.pk])
    scene.give(api, role, member)
    bob = client_of(member)
    states = {state.feature_id: state.pk for state in FeatureState.objects.all()}
    nested = f"/api/v1/environments/{scene.environment.api_key}/featurestates/"
    simple = "/api/v1/features/featurestates/"

    for path in (nested, simple):
        body = {"enabled": True, "feature_state_value": {"type": "unicode", "string_value": "x"}}
        body = body if path == simple else {"enabled": True}
        refused = bob.put(f"{path}{states[scene.untagged.pk]}/", body, format="json")
        accepted = bob.put(f"{path}{states[scene.tagged.pk]}/", body, format="json")
        assert (path, refused.status_code, accepted.status_code) == (path, 403, 200)


def test_a_tag_limited_role_overrides_segments_for_features_with_the_tag_alone(api, member, scene):
    role = scene.role(api)
    scene.grant(api, role, "environments", "VIEW_ENVIRONMENT", "MANAGE_SEGMENT_OVERRIDES", tags=[scene.tag.pk])
    scene.give(api, role, member)
    segment = a_segment(scene.project)

    def override(feature):
        body = {"feature": feature.pk, "segment": segment.pk, "environment": scene.environment.pk}
        return client_of(member).post("/api/v1/features/feature-segments/", body, format="json")

    assert (override(scene.untagged).status_code, override(scene.tagged).status_code) == (403, 201)


def test_the_permissions_of_a_role_are_listed_by_place(api, scene):
    role = scene.role(api)
    one = scene.grant(api, role, "projects", "DELETE_FEATURE", tags=[scene.tag.pk])
    path = f"{scene.base}roles/{role['id']}/projects-permissions/"

    assert api.get(path).status_code == 400
    assert api.get(f"{path}?project=4242").json()["count"] == 0
    listed = api.get(f"{path}?project={scene.project.pk}").json()["results"]
    assert listed == [api.get(one).json()]
    assert listed[0]["permissions"] == [{"permission_key": "DELETE_FEATURE", "tags": [scene.tag.pk]}]
    changed = api.patch(one, {"permissions": [], "admin": True}, format="json").json()
    assert (changed["permissions"], changed["admin"]) == ([], True)
    assert api.patch(one, {"project": 4242}, format="json").status_code == 400
    assert api.delete(one).status_code == 204


def test_a_patch_may_leave_out_the_permissions_but_no_part_of_one(api, scene):
    one = scene.grant(api, scene.role(api), "projects", "DELETE_FEATURE", tags=[scene.tag.pk])

    bare = api.patch(one, {"permissions": [{"permission_key": "VIEW_PROJECT"}]}, format="json")
    nameless = api.patch(one, {"permissions": [{"tags": []}]}, format="json")

    assert (bare.status_code, bare.json()["permissions"]) == (200, [{"permission_key": "VIEW_PROJECT", "tags": []}])
    assert nameless.status_code == 400
    assert nameless.json() == {"permissions": {"0": {"permission_key": ["This field is required."]}}}


def test_roles_stay_inside_their_organisation(api, foreigner, scene):
    role = scene.role(api)
    elsewhere = Scene(foreigner.memberships.get().organisation)
    theirs = elsewhere.role(client_of(foreigner))
    base = f"{scene.base}roles/{role['id']}/"

    assert api.post(f"{base}users/", {"user": foreigner.pk}, format="json").status_code == 400
    foreign_place = {"project": elsewhere.project.pk, "permissions": []}
    assert api.post(f"{base}projects-permissions/", foreign_place, format="json").status_code == 400
    foreign_place = {"environment": elsewhere.environment.pk, "permissions": []}
    assert api.post(f"{base}environments-permissions/", foreign_place, format="json").status_code == 400
    foreign_tag = [{"permission_key": "DELETE_FEATURE", "tags": [elsewhere.tag.pk]}]
    body = {"project": scene.project.pk, "permissions": foreign_tag}
    assert api.post(f"{base}projects-permissions/", body, format="json").status_code == 400
    assert api.get(f"{scene.base}roles/{theirs['id']}/").status_code == 404
    assert api.get(f"{scene.base}roles/{theirs['id']}/users/").status_code == 404


def test_members_see_roles_and_change_none(api, member, scene):
    role = scene.role(api)
    bob = client_of(member)

    assert bob.get(f"{scene.base}roles/").json()["count"] == 1
    assert bob.post(f"{scene.base}roles/", {"name": "Mine"}, format="json").status_code == 403
    assert bob.post(f"{scene.base}roles/{role['id']}/users/", {"user": member.pk}, format="json").status_code == 403
