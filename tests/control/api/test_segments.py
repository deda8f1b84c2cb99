import pytest

from burgee.control.kit.actor import SYSTEM
from burgee.control.segments.models import Segment
from burgee.control.targeting.edits import ForSegment, Set
from burgee.control.targeting.services import apply
from tests.control.api.conftest import client_of
from tests.factories.environments import an_environment
from tests.factories.features import a_feature
from tests.factories.grants import a_grant
from tests.factories.identities import an_identity
from tests.factories.projects import a_project
from tests.factories.segments import a_segment


@pytest.fixture
def project(organisation):
    return a_project(organisation)


@pytest.fixture
def url(project):
    return f"/api/v1/projects/{project.pk}/segments/"


def rules(**condition) -> list[dict]:
    inner = {"type": "ANY", "rules": [], "conditions": [{"operator": "EQUAL", "property": "plan"} | condition]}
    return [{"type": "ALL", "rules": [inner], "conditions": []}]


def test_a_segment_comes_back_as_it_was_sent_with_ids(api, project, url):
    answer = api.post(url, {"name": "pro", "rules": rules(value="pro")}, format="json")

    assert answer.status_code == 201
    told = answer.json()
    assert (told["name"], told["project"], told["feature"], told["version_of"]) == ("pro", project.pk, None, told["id"])
    assert told["rules"] == [
        {
            "id": 1,
            "type": "ALL",
            "rules": [
                {
                    "id": 2,
                    "type": "ANY",
                    "conditions": [
                        {"id": 1, "operator": "EQUAL", "property": "plan", "value": "pro", "description": None}
                    ],
                }
            ],
            "conditions": [],
        }
    ]
    assert api.get(f"{url}{told['id']}/").json() == told


@pytest.mark.parametrize(
    ("given", "kept"),
    [(5, "5"), (None, "None"), ("", ""), (True, "True"), (1.5, "1.5"), (["x", "y"], "['x', 'y']"), (" x ", " x ")],
)
def test_every_value_is_kept_as_text(api, url, given, kept):
    told = api.post(url, {"name": "s", "rules": rules(value=given)}, format="json").json()

    assert told["rules"][0]["rules"][0]["conditions"][0]["value"] == kept


@pytest.mark.parametrize(
    "condition",
    [
        {"operator": "PERCENTAGE_SPLIT", "property": None, "value": "150"},
        {"operator": "MODULO", "value": "x|y"},
        {"operator": "REGEX", "value": "("},
        {"property": None, "value": "x"},
        {"operator": "GREATER_THAN", "value": "1.2:semver"},
    ],
)
def test_conditions_that_never_hold_are_taken(api, url, condition):
    assert api.post(url, {"name": "s", "rules": rules(**condition)}, format="json").status_code == 201


def nested(error: dict) -> dict:
    return {"rules": [{"rules": [{"conditions": [error]}]}]}


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"rules": rules(value="x")}, {"name": ["This field is required."]}),
        ({"name": "s"}, {"rules": ["This field is required."]}),
        ({"name": "s", "rules": rules(operator="BOGUS")}, nested({"operator": ['"BOGUS" is not a valid choice.']})),
        ({"name": "s", "rules": rules(property="")}, nested({"property": ["This field may not be blank."]})),
        (
            {"name": "s", "rules": rules(value="x" * 1001)},
            nested({"value": ["Ensure this field has no more than 1000 characters."]}),
        ),
        ({"name": "s", "rules": [{"type": "BOGUS"}]}, {"rules": [{"type": ['"BOGUS" is not a valid choice.']}]}),
        (
            {"name": "s", "rules": [{"type": "ALL", "rules": [{"type": "ANY", "rules": [{"type": "ANY"}]}]}]},
            {"segment": ["Rules must not be nested more than 2 levels deep."]},
        ),
        (
            {"name": "s", "rules": [{"type": "ALL", "conditions": [{"operator": "IS_SET", "property": "a"}] * 101}]},
            {"segment": ["The segment has 101 conditions, which exceeds the maximum condition count of 100."]},
        ),
        (
            {"name": "s", "rules": rules(value="x"), "feature": 999},
            {"feature": ['Invalid pk "999" - object does not exist.']},
        ),
    ],
)
def test_a_wrong_body_names_its_part(api, url, body, error):
    answer = api.post(url, body, format="json")

    assert (answer.status_code, answer.json()) == (400, error)


def test_no_rules_are_too_few(api, url):
    answer = api.post(url, {"name": "s", "rules": []}, format="json")

    assert (answer.status_code, list(answer.json())) == (400, ["rules"])


def test_a_pattern_that_cannot_be_matched_in_linear_time_is_refused_with_its_part(api, url):
    answer = api.post(url, {"name": "s", "rules": rules(operator="REGEX", value=r"(a)\1")}, format="json")

    assert answer.status_code == 400
    (message,) = answer.json()["rules"][0]["rules"][0]["conditions"][0]["value"]
    assert message.startswith("This regular expression cannot be used: ")
    assert "\\1" in message


def test_an_edit_keeps_ids_and_drops_what_is_marked(api, url):
    body = {"name": "s", "rules": rules(value="x")}
    body["rules"][0]["rules"][0]["conditions"] += [{"operator": "IS_SET", "property": "b"}]
    made = api.post(url, body, format="json").json()
    first, second = made["rules"][0]["rules"][0]["conditions"]

    first["delete"] = True
    made["rules"][0]["rules"].append({"type": "NONE", "conditions": [], "delete": True})
    told = api.put(f"{url}{made['id']}/", made, format="json").json()

    (inner,) = told["rules"][0]["rules"]
    assert inner["conditions"] == [second]
    assert inner["id"] == made["rules"][0]["rules"][0]["id"]


def test_a_patch_without_rules_keeps_them(api, project, url):
    segment = a_segment(project)

    told = api.patch(f"{url}{segment.pk}/", {"name": "renamed"}, format="json").json()

    assert (told["name"], told["rules"]) == ("renamed", segment.rules)


def test_a_clone_has_its_own_name(api, project, url):
    segment = a_segment(project)

    answer = api.post(f"{url}{segment.pk}/clone/", {"name": "copy"}, format="json")

    assert answer.status_code == 201
    assert (answer.json()["name"], answer.json()["rules"]) == ("copy", segment.rules)


@pytest.mark.database
def test_the_list_searches_and_leaves_out_segments_of_features_on_demand(api, project, url):
    a_segment(project, name="beta users")
    a_segment(project, name="own", feature=a_feature(project))
    a_segment(project, name="old", deleted_at="2020-01-01T00:00Z")
    a_segment(name="elsewhere")

    def names(**query):
        return [row["name"] for row in api.get(url, query).json()["results"]]

    assert names() == ["beta users", "own"]
    assert names(q="BETA") == ["beta users"]
    assert names(include_feature_specific="false") == ["beta users"]
    assert names(include_feature_specific="1") == ["beta users", "own"]


@pytest.mark.database
def test_the_list_shows_only_the_segments_of_an_identity(api, project, url):
    environment = an_environment(project)
    pro = a_segment(project, ("EQUAL", "plan", "pro"))
    a_segment(project, ("EQUAL", "plan", "free"))
    person = an_identity(environment, traits={"plan": "pro"})

    assert [row["id"] for row in api.get(url, {"identity": person.pk}).json()["results"]] == [pro.pk]
    assert api.get(url, {"identity": an_identity().pk}).status_code == 404
    assert api.get(url, {"identity": "x"}).status_code == 400


def test_whose_segments_these_are_is_told_to_those_who_may_view_identities(member, project, url):
    environment = an_environment(project)
    person = an_identity(environment, traits={"plan": "pro"})
    a_grant(member, project, "VIEW_PROJECT")
    a_grant(member, environment, "VIEW_ENVIRONMENT")

    unseen = client_of(member).get(url, {"identity": person.pk})
    missing = client_of(member).get(url, {"identity": 4242})
    a_grant(member, environment, "VIEW_IDENTITIES")
    seen = client_of(member).get(url, {"identity": person.pk})

    assert (unseen.status_code, unseen.content) == (404, missing.content)
    assert seen.status_code == 200


@pytest.mark.database
def test_the_features_of_a_segment_are_those_it_overrides(api, project, url):
    segment, feature = a_segment(project), a_feature(project)
    here, there = an_environment(project), an_environment(project)
    for environment in (here, there):
        apply(environment, feature, [Set(target=ForSegment(segment.pk))], actor=SYSTEM)

    def found(**query):
        rows = api.get(f"{url}{segment.pk}/associated-features/", query).json()["results"]
        return [(row["feature"], row["environment"]) for row in rows]

    assert found() == [(feature.pk, here.pk), (feature.pk, there.pk)]
    assert found(environment=there.pk) == [(feature.pk, there.pk)]


def test_a_deleted_segment_is_gone(api, project, url):
    segment = a_segment(project)

    assert api.delete(f"{url}{segment.pk}/").status_code == 204
    assert api.get(f"{url}{segment.pk}/").status_code == 404
    assert Segment.objects.get(pk=segment.pk).deleted_at is not None


@pytest.mark.parametrize("count", [5, 120])
def test_the_number_of_queries_does_not_grow(api, project, url, count, django_assert_num_queries):
    person = an_identity(an_environment(project), traits={"plan": "pro"})
    for _ in range(count):
        a_segment(project)

    with django_assert_num_queries(9):
        assert len(api.get(url, {"identity": person.pk}).json()["results"]) == count
