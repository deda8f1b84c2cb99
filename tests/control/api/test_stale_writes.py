"""Every route that edits one flag: with If-Match, an edit of what the caller has not seen is 409 and tells what changed."""

import pytest

from burgee.control.kit.actor import SYSTEM
from burgee.control.targeting.edits import Everyone, ForIdentity, ForSegment, Set
from burgee.control.targeting.models import FeatureState, Flag
from burgee.control.targeting.services import apply
from tests.factories.environments import an_environment
from tests.factories.features import a_feature
from tests.factories.identities import an_identity
from tests.factories.projects import a_project
from tests.factories.segments import a_segment

VALUE = {"type": "unicode", "string_value": "v"}
PLAIN = {"type": "string", "value": "v"}


class Scene:
    def __init__(self, organisation, *, versioned):
        project = a_project(organisation)
        self.environment = an_environment(project, use_v2_feature_versioning=versioned)
        self.feature = a_feature(project)
        self.segment, self.other = a_segment(project), a_segment(project)
        self.person, self.nobody = an_identity(self.environment), an_identity(self.environment)
        targets = ForSegment(self.segment.pk), ForIdentity(self.person.pk)
        apply(self.environment, self.feature, [Set(target=target, value="a") for target in targets], actor=SYSTEM)
        states = FeatureState.objects.live().filter(environment=self.environment)
        self.default = states.get(feature_segment=None, identity_id=None)
        self.override = states.exclude(feature_segment=None).get()
        self.own = states.exclude(identity_id=None).get()
        self.place = self.override.feature_segment

    def edit(self):
        """Somebody was faster."""
        apply(self.environment, self.feature, [Set(target=Everyone(), value="faster")], actor=SYSTEM)

    @property
    def number(self):
        return Flag.objects.get(environment=self.environment, feature=self.feature).change_number


ENVIRONMENT = "environments/{s.environment.api_key}"
OF_PERSON = ENVIRONMENT + "/identities/{s.person.pk}/featurestates/"
EXPERIMENTS = "/api/experiments/" + ENVIRONMENT
WHOLE = "/api/__future__/" + ENVIRONMENT + "/features/{s.feature.pk}/"
VERSIONS = "environments/{s.environment.pk}/features/{s.feature.pk}/versions/"

EDITS = [
    ("put", ENVIRONMENT + "/featurestates/{s.default.pk}/", lambda _: {"enabled": True}),
    ("patch", ENVIRONMENT + "/featurestates/{s.default.pk}/", lambda _: {"enabled": True}),
    ("delete", ENVIRONMENT + "/featurestates/{s.override.pk}/", lambda _: None),
    ("put", "features/featurestates/{s.default.pk}/", lambda _: {"enabled": True, "feature_state_value": VALUE}),
    ("patch", "features/featurestates/{s.default.pk}/", lambda _: {"enabled": True}),
    (
        "post",
        "features/featurestates/",
        lambda s: {"feature": s.feature.pk, "environment": s.environment.pk, "identity": s.nobody.pk, "enabled": True},
    ),
    (
        "post",
        ENVIRONMENT + "/features/{s.feature.pk}/create-segment-override/",
        lambda s: {"feature_segment": {"segment": s.other.pk}, "feature_state_value": VALUE},
    ),
    (
        "post",
        "features/feature-segments/",
        lambda s: {"feature": s.feature.pk, "segment": s.other.pk, "environment": s.environment.pk},
    ),
    ("post", "features/feature-segments/update-priorities/", lambda s: [{"id": s.place.pk, "priority": 7}]),
    ("delete", "features/feature-segments/{s.place.pk}/", lambda _: None),
    (
        "post",
        ENVIRONMENT + "/identities/{s.nobody.pk}/featurestates/",
        lambda s: {"feature": s.feature.pk, "enabled": True},
    ),
    ("put", OF_PERSON + "{s.own.pk}/", lambda _: {"enabled": True}),
    ("patch", OF_PERSON + "{s.own.pk}/", lambda _: {"enabled": True}),
    ("delete", OF_PERSON + "{s.own.pk}/", lambda _: None),
    (
        "post",
        EXPERIMENTS + "/update-flag-v1/",
        lambda s: {"feature": {"id": s.feature.pk}, "enabled": True, "value": PLAIN},
    ),
    (
        "post",
        EXPERIMENTS + "/update-flag-v2/",
        lambda s: {"feature": {"id": s.feature.pk}, "environment_default": {"enabled": True, "value": PLAIN}},
    ),
    (
        "post",
        EXPERIMENTS + "/delete-segment-override/",
        lambda s: {"feature": {"id": s.feature.pk}, "segment": {"id": s.segment.pk}},
    ),
    ("put", WHOLE, lambda _: {"environment_default": {"enabled": True}}),
    ("patch", WHOLE, lambda _: {"environment_default": {"enabled": True}}),
    ("delete", WHOLE + "segment-overrides/{s.segment.pk}/", lambda _: None),
]


def send(api, scene, method, path, body, seen):
    path = path.format(s=scene)
    path = path if path.startswith("/") else f"/api/v1/{path}"
    return getattr(api, method)(path, body, format="json", headers={"If-Match": f'"{seen}"'})


def assert_only_fresh_edits_pass(api, scene, method, path, body):
    seen = scene.number
    scene.edit()

    stale = send(api, scene, method, path, body, seen)
    assert (stale.status_code, stale.json()["code"]) == (409, "stale_edit")
    assert "faster" in [change["after"].get("value") for change in stale.json()["changes"]]
    assert scene.number == seen + 1

    assert send(api, scene, method, path, body, scene.number).status_code < 300
    assert scene.number == seen + 2


@pytest.mark.parametrize(("method", "path", "body"), EDITS, ids=lambda value: value if isinstance(value, str) else "")
def test_a_stale_edit_is_refused_and_says_what_changed(api, organisation, method, path, body):
    scene = Scene(organisation, versioned=False)
    assert_only_fresh_edits_pass(api, scene, method, path, body(scene))


def test_a_stale_version_is_refused_and_says_what_changed(api, organisation):
    body = {"feature_states_to_update": [{"enabled": True, "feature_state_value": VALUE}], "publish_immediately": True}
    assert_only_fresh_edits_pass(api, Scene(organisation, versioned=True), "post", VERSIONS, body)


def test_a_draft_is_published_only_over_what_was_seen(api, organisation):
    scene = Scene(organisation, versioned=True)
    body = {"feature_states_to_update": [{"enabled": True, "feature_state_value": VALUE}]}
    draft = api.post(f"/api/v1/{VERSIONS}".format(s=scene), body, format="json").json()["uuid"]
    assert_only_fresh_edits_pass(api, scene, "post", f"{VERSIONS}{draft}/publish/", {})


def test_a_state_carries_the_number_that_its_next_edit_needs(api, organisation):
    scene = Scene(organisation, versioned=False)
    for path in (f"/api/v1/{ENVIRONMENT}/featurestates/", "/api/v1/features/featurestates/"):
        answer = api.get(f"{path}{{s.default.pk}}/".format(s=scene))
        assert answer.headers["ETag"] == f'"{scene.number}"'
