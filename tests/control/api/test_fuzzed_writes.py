"""Right bodies of every write route with something wrong somewhere inside: never a 5xx."""

import copy
import random
from collections.abc import Iterator
from typing import Any

import pytest

from burgee.control.custom_fields.models import Kind
from burgee.control.identities.models import TRAIT_NUMBERS
from burgee.control.identities.trait_numbers import numbers_of
from burgee.control.kit.actor import SYSTEM
from burgee.control.targeting.edits import AddSegment, ForIdentity, ForSegment, Set
from burgee.control.targeting.models import FeatureState
from burgee.control.targeting.services import apply
from tests.factories.custom_fields import a_field, an_attachment
from tests.factories.environments import an_environment
from tests.factories.features import a_feature, a_tag
from tests.factories.identities import an_identity
from tests.factories.projects import a_project
from tests.factories.segments import a_segment

TRIES = 10

JUNK: list[Any] = [
    None, True, False, 0, -1, 1, 2**31, 2**53 + 1, 2**63, 10**30, 0.5, -0.0, 1e300, "", " ", "x", "0", "-7", "nan",
    "1e999", "true", "é💥\u202e", "x" * 3000, "(?<!a)b", "[", "\\", '"', "%_", [], [None], [[]], {}, {"id": 1}, {"": {}},
    {"delete": True}, [{"type": "ALL"}], ["ALL"], [{"operator": "REGEX", "value": "(a)\\1"}],
]  # fmt: skip

RULES = [
    {
        "id": 1,
        "type": "ALL",
        "conditions": [{"id": 1, "operator": "REGEX", "property": "p", "value": "a+", "description": "d"}],
        "rules": [{"id": 2, "type": "ANY", "conditions": [{"operator": "IN", "property": "p", "value": "a,b"}]}],
    }
]


def writes(organisation, admin) -> dict[str, Any]:
    """For each write route, with its method, a body that it takes."""
    project = a_project(organisation)
    environment = an_environment(project)
    feature = a_feature(project, variants={"a": 10, "b": 20})
    option, segment, tag = feature.options.order_by("pk")[0], a_segment(project), a_tag(project)
    person, source, third = (
        an_identity(environment, traits={"k": 1}),
        an_identity(environment),
        an_identity(environment),
    )
    second = a_segment(project)
    edits = [Set(target=ForSegment(segment.pk)), Set(target=ForIdentity(person.pk)), AddSegment(segment_id=second.pk)]
    apply(environment, feature, edits, actor=SYSTEM)
    default = FeatureState.objects.defaults().get(feature=feature)
    own = FeatureState.objects.of_identities().get()
    place, bare = environment.feature_segments.order_by("priority")
    trait = person.pk * TRAIT_NUMBERS + numbers_of(environment.pk, ["k"])["k"]

    projects, here = f"/api/v1/projects/{project.pk}", f"/api/v1/environments/{environment.api_key}"
    of_feature, of_person = f"{projects}/features/{feature.pk}", f"{here}/identities/{person.pk}"
    shares = [{"multivariate_feature_option": option.pk, "percentage_allocation": 10}]
    state = {
        "feature": feature.pk,
        "enabled": True,
        "feature_state_value": "v",
        "multivariate_feature_state_values": shares,
    }
    typed = state | {
        "feature_state_value": {"type": "int", "integer_value": 1, "string_value": "s", "boolean_value": True}
    }
    mv = {"type": "unicode", "string_value": "v", "default_percentage_allocation": 1, "key": "k"}
    field, bare_field = a_field(organisation), a_field(project=project)
    attached = {kind: an_attachment(field, kind) for kind in Kind}
    metadata = {kind: [{"model_field": row.pk, "field_value": "v"}] for kind, row in attached.items()}
    new_field = {"name": "n", "type": "str", "description": "d", "organisation": organisation.pk, "project": project.pk}
    required = [{"content_type": 5, "object_id": project.pk}, {"content_type": 4, "object_id": organisation.pk}]
    attachments = f"/api/v1/organisations/{organisation.pk}/metadata-model-fields"
    new_feature = {
        "name": "f", "type": "STANDARD", "default_enabled": True, "initial_value": "v", "description": "d",
        "tags": [tag.pk], "multivariate_options": [mv], "is_archived": False, "owners": [], "is_server_key_only": False,
        "metadata": metadata[Kind.FEATURE],
    }  # fmt: skip
    a_trait = {"trait_key": "t", "value_type": "int", "integer_value": 1, "string_value": "s", "float_value": 1.5}
    new_segment = {"name": "s", "description": "d", "feature": None, "rules": RULES, "metadata": metadata[Kind.SEGMENT]}
    return {
        f"post {projects}/tags/": {"label": "l", "color": "#fff", "description": "d", "is_permanent": True},
        f"put {projects}/tags/{tag.pk}/": {"label": "l", "color": "#fff"},
        f"post {projects}/features/": new_feature,
        f"put {of_feature}/": new_feature | {"multivariate_options": [mv | {"id": option.pk}]},
        f"patch {of_feature}/": {"tags": [tag.pk], "is_archived": True},
        f"post {of_feature}/add-owners/": {"user_ids": [admin.pk]},
        f"post {of_feature}/remove-owners/": {"user_ids": [admin.pk]},
        f"post {of_feature}/add-group-owners/": {"group_ids": []},
        f"post {of_feature}/feature-external-resources/": {
            "url": "https://github.com/a/b/issues/1",
            "type": "GITHUB_ISSUE",
            "metadata": {"title": "t"},
            "feature": feature.pk,
        },
        f"post {projects}/code-references/": {
            "repository_url": "https://github.com/a/b",
            "revision": "r",
            "code_references": [{"feature_name": "f", "file_path": "p", "line_number": 1}],
        },
        f"post {projects}/feature-health/providers/": {"name": "Webhook"},
        f"put {here}/onboarding-status/": {"first_evaluated_sdk_label": "s"},
        "patch /api/v1/auth/users/me/onboarding/": {
            "tasks": [{"name": "t", "completed_at": "2026-01-01T00:00:00Z"}],
            "tools": {"completed": True, "integrations": ["i"]},
            "hosting_preferences": ["h"],
        },
        f"post {of_feature}/mv-options/": mv | {"feature": feature.pk, "key": "k2"},
        f"put {of_feature}/mv-options/{option.pk}/": mv | {"feature": feature.pk, "key": "k3"},
        f"post {projects}/segments/": new_segment,
        f"put {projects}/segments/{segment.pk}/": new_segment,
        f"patch {projects}/segments/{segment.pk}/": {"rules": RULES},
        f"post {projects}/segments/{segment.pk}/clone/": {"name": "n"},
        f"post {here}/featurestates/": state | {"feature_segment": bare.pk},
        f"put {here}/featurestates/{default.pk}/": state,
        f"patch {here}/featurestates/{default.pk}/": state,
        "post /api/v1/features/featurestates/": typed
        | {"environment": environment.pk, "identity": source.pk, "identifier": source.identifier},
        f"put /api/v1/features/featurestates/{default.pk}/": typed,
        "post /api/v1/features/feature-segments/": {
            "feature": feature.pk,
            "segment": segment.pk,
            "environment": environment.pk,
        },
        f"put /api/v1/features/feature-segments/{place.pk}/": {
            "feature": feature.pk,
            "segment": segment.pk,
            "environment": environment.pk,
        },
        "post /api/v1/features/feature-segments/update-priorities/": [{"id": place.pk, "priority": 1}],
        f"post {here}/features/{feature.pk}/create-segment-override/": typed
        | {"feature_segment": {"segment": segment.pk, "priority": 0}},
        f"post {here}/identities/": {"identifier": "i"},
        f"patch {of_person}/": {"identifier": person.identifier},
        f"post {here}/identities/{third.pk}/featurestates/": state,
        f"put {of_person}/featurestates/{own.pk}/": state,
        f"post {of_person}/featurestates/clone-from-given-identity/": {"source_identity_id": source.pk},
        f"post {of_person}/traits/": a_trait,
        f"put {of_person}/traits/{trait}/": a_trait | {"trait_key": "k"},
        f"patch {of_person}/traits/{trait}/": {"value_type": "float", "float_value": 1.5},
        f"post {here}/delete-traits/": {"key": "k"},
        f"patch {here}/": {"metadata": metadata[Kind.ENVIRONMENT]},
        "post /api/v1/metadata/fields/": new_field,
        f"put /api/v1/metadata/fields/{field.pk}/": {"name": "m", "type": "multiline_str"},
        f"post {attachments}/": {"field": bare_field.pk, "content_type": 2, "is_required_for": required},
        f"put {attachments}/{attached[Kind.FEATURE].pk}/": {"is_required_for": required[:1]},
    }


def spots(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every place inside `value` as container and key."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in list(items):
        yield value, key
        yield from spots(item)


def spoilt(body: Any, chance: random.Random) -> Any:
    wrong = [copy.deepcopy(body)]
    for _ in range(chance.choice([1, 1, 2, 4])):
        container, key = chance.choice(list(spots(wrong)))
        if isinstance(container, dict) and chance.random() < 0.25:
            del container[key]
        else:
            container[key] = copy.deepcopy(chance.choice([*JUNK, body]))
    return wrong[0]


def send(api, route: str, body: Any):
    method, path = route.split(" ")
    return getattr(api, method)(path, body, format="json")


@pytest.mark.parametrize("seed", [pytest.param(0, marks=pytest.mark.database), 1])
def test_no_spoilt_body_makes_the_server_fail(api, organisation, admin, seed):
    chance = random.Random(seed)
    for route, body in writes(organisation, admin).items():
        for _ in range(TRIES):
            wrong = spoilt(body, chance)
            answer = send(api, route, wrong)
            assert answer.status_code < 500, (route, wrong, answer.content)


@pytest.mark.database
def test_the_bodies_are_right_before_they_are_spoilt(api, organisation, admin):
    for route, body in writes(organisation, admin).items():
        answer = send(api, route, body)
        assert answer.status_code < 300, (route, answer.content)
