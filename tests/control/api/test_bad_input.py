"""What writes refuse: values that are none of the choices, too long, of the wrong type, foreign, or there already."""

import pytest

from burgee.control.organisations.models import UserGroup
from tests.factories.environments import an_environment
from tests.factories.features import a_feature, a_tag
from tests.factories.identities import an_identity
from tests.factories.organisations import an_organisation
from tests.factories.projects import a_project
from tests.factories.segments import a_segment

LONG = "x" * 30_000

MINE, FOREIGN, SIBLING = "mine", "foreign", "sibling"


class World:
    """One of each object, by names that paths and bodies put in braces."""

    def __init__(self, organisation, name):
        self.organisation = organisation
        self.project = a_project(organisation)
        self.environment = an_environment(self.project)
        self.feature = a_feature(self.project, name="taken")
        self.segment = a_segment(self.project)
        self.tag = a_tag(self.project, "tag")
        self.group = UserGroup.objects.create(organisation=organisation, name=name)
        self.identity = an_identity(self.environment, identifier="taken")


@pytest.fixture
def worlds(organisation):
    """What is the caller's, what is another organisation's, and what is in another project of the caller's."""
    return {
        MINE: World(organisation, MINE),
        SIBLING: World(organisation, SIBLING),
        FOREIGN: World(an_organisation(), FOREIGN),
    }


def the(kind, whose=MINE):
    """The id of an object, to be found when the worlds are there."""
    return lambda worlds: getattr(worlds[whose], kind).pk


def filled(body, worlds):
    if callable(body):
        return body(worlds)
    if isinstance(body, dict):
        return {key: filled(value, worlds) for key, value in body.items()}
    return [filled(item, worlds) for item in body] if isinstance(body, list) else body


PROJECT = "/api/v1/projects/{mine.project.pk}"
ORGANISATION = "/api/v1/organisations/{mine.organisation.pk}"
ENVIRONMENT = "/api/v1/environments/{mine.environment.api_key}"
EXPERIMENTS = "/api/experiments/environments/{mine.environment.api_key}"
TEXT = {"type": "unicode", "string_value": "a"}


def condition(**facts):
    conditions = [{"operator": "EQUAL", "property": "plan", "value": "pro"} | facts]
    return {"name": "s", "rules": [{"type": "ALL", "rules": [{"type": "ANY", "conditions": conditions}]}]}


def nested(depth):
    rule = {"type": "ALL", "rules": [], "conditions": []}
    return {"name": "s", "rules": [rule if depth == 1 else rule | {"rules": nested(depth - 1)["rules"]}]}


REFUSED = [
    (f"{PROJECT}/features/", {"name": "a", "type": "NOPE"}, 400),
    (f"{PROJECT}/features/", {"name": LONG}, 400),
    (f"{PROJECT}/features/", {"name": ["a"]}, 400),
    (f"{PROJECT}/features/", {"name": "TAKEN"}, 400),
    (f"{PROJECT}/features/", {"name": "a", "description": LONG}, 400),
    (f"{PROJECT}/features/", {"name": "a", "tags": [the("tag", FOREIGN)]}, 400),
    (f"{PROJECT}/features/", {"name": "a", "tags": [the("tag", SIBLING)]}, 400),
    (f"{PROJECT}/features/", {"name": "a", "group_owners": [the("group", FOREIGN)]}, 400),
    (f"{PROJECT}/features/{{mine.feature.pk}}/add-group-owners/", {"group_ids": [the("group", FOREIGN)]}, 400),
    (f"{PROJECT}/features/{{mine.feature.pk}}/add-owners/", {"user_ids": ["x"]}, 400),
    (f"{PROJECT}/features/{{mine.feature.pk}}/mv-options/", {"feature": the("feature"), "type": "nope"}, 400),
    (f"{PROJECT}/features/{{mine.feature.pk}}/mv-options/", {"feature": the("feature", FOREIGN)}, 400),
    (f"{PROJECT}/segments/", condition(operator="NOPE"), 400),
    (f"{PROJECT}/segments/", condition(value=LONG), 400),
    (f"{PROJECT}/segments/", condition(property=["x"]), 400),
    (f"{PROJECT}/segments/", condition() | {"description": LONG}, 400),
    (f"{PROJECT}/segments/", condition() | {"feature": the("feature", FOREIGN)}, 400),
    (f"{PROJECT}/segments/", condition() | {"feature": the("feature", SIBLING)}, 400),
    (f"{PROJECT}/segments/", nested(3), 400),
    (f"{PROJECT}/segments/", nested(200), 400),
    (f"{PROJECT}/tags/", {"label": LONG, "color": "#fff"}, 400),
    (f"{PROJECT}/user-group-permissions/", {"group": the("group", FOREIGN), "permissions": []}, 400),
    (f"{PROJECT}/user-group-permissions/", {"group": the("group"), "permissions": ["NOPE"]}, 400),
    ("/api/v1/environments/", {"name": "e", "project": the("project", FOREIGN)}, 403),
    ("/api/v1/environments/", {"name": "e", "project": the("project"), "banner_colour": LONG}, 400),
    ("/api/v1/projects/", {"name": "p", "organisation": the("organisation", FOREIGN)}, 403),
    (f"{ENVIRONMENT}/featurestates/", {"feature": the("feature", FOREIGN), "enabled": True}, 403),
    (f"{ENVIRONMENT}/featurestates/", {"feature": the("feature"), "enabled": "perhaps"}, 400),
    (f"{ENVIRONMENT}/identities/", {"identifier": "taken"}, 400),
    (f"{ENVIRONMENT}/identities/", {"identifier": LONG}, 400),
    (f"{ENVIRONMENT}/identities/{{mine.identity.pk}}/featurestates/", {"feature": the("feature", FOREIGN)}, 403),
    (
        f"{ENVIRONMENT}/identities/{{mine.identity.pk}}/featurestates/clone-from-given-identity/",
        {"source_identity_id": the("identity", FOREIGN)},
        400,
    ),
    (
        f"{ENVIRONMENT}/features/{{mine.feature.pk}}/create-segment-override/",
        {"feature_segment": {"segment": the("segment", FOREIGN)}, "enabled": True, "feature_state_value": TEXT},
        400,
    ),
    (
        "/api/v1/features/feature-segments/",
        {"feature": the("feature"), "segment": the("segment", FOREIGN), "environment": the("environment")},
        400,
    ),
    (
        "/api/v1/features/feature-segments/",
        {"feature": the("feature"), "segment": the("segment"), "environment": the("environment", FOREIGN)},
        403,
    ),
    (
        f"{EXPERIMENTS}/update-flag-v1/",
        {"feature": {"id": the("feature", FOREIGN)}, "enabled": True, "value": {"type": "string", "value": "x"}},
        404,
    ),
    (
        f"{EXPERIMENTS}/update-flag-v1/",
        {"feature": {"name": "taken"}, "enabled": True, "value": {"type": "NOPE", "value": "x"}},
        400,
    ),
    (f"{ORGANISATION}/roles/", {"name": "r", "tags": [the("tag", FOREIGN)]}, 400),
    (f"{ORGANISATION}/invites/", [{"email": "a@b.io", "role": "NOPE"}], 400),
    (f"{ORGANISATION}/invites/", [{"email": "a@b.io", "permission_groups": [the("group", FOREIGN)]}], 400),
    (f"{ORGANISATION}/webhooks/", {"url": "ftp://a.io"}, 400),
    (f"{ORGANISATION}/master-api-keys/", {"name": LONG}, 400),
    ("/api/v1/features/create-feature-export/", {"environment_id": the("environment", FOREIGN), "tag_ids": []}, 403),
]


@pytest.mark.parametrize(("path", "body", "status"), REFUSED)
def test_bad_input_is_refused(api, worlds, path, body, status):
    answer = api.post(path.format(**worlds), filled(body, worlds), format="json")

    assert answer.status_code == status, answer.content
    assert answer.json()
