import pytest
from django.db import connection

from burgee.control.identities import search_index
from burgee.control.identities.models import TRAIT_NUMBERS, Identity
from burgee.control.identities.queries import identities_in
from burgee.control.identities.trait_numbers import numbers_of
from burgee.control.kit.actor import SYSTEM
from burgee.control.targeting.edits import ForIdentity, Set
from burgee.control.targeting.services import apply
from tests.control.api.conftest import client_of
from tests.factories.environments import an_environment
from tests.factories.features import a_feature
from tests.factories.identities import an_identity
from tests.factories.projects import a_project


@pytest.fixture
def environment(organisation):
    return an_environment(a_project(organisation))


@pytest.fixture
def url(environment):
    return f"/api/v1/environments/{environment.api_key}/identities/"


@pytest.fixture
def person(environment):
    return an_identity(environment, "ada")


@pytest.fixture
def traits(url, person):
    return f"{url}{person.pk}/traits/"


def stored(person) -> dict:
    return Identity.objects.get(pk=person.pk).traits


def test_an_identity_is_made_read_and_deleted(api, environment, url):
    made = api.post(url, {"identifier": " ada "}, format="json")

    assert made.status_code == 201
    assert made.json() == {"id": made.json()["id"], "identifier": "ada", "environment": environment.pk}
    assert api.get(f"{url}{made.json()['id']}/").json() == made.json()
    assert api.delete(f"{url}{made.json()['id']}/").status_code == 204
    gone = api.get(f"{url}{made.json()['id']}/")
    assert (gone.status_code, gone.json()) == (404, {"detail": "No Identity matches the given query."})


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({}, {"identifier": ["This field is required."]}),
        ({"identifier": ""}, {"identifier": ["This field may not be blank."]}),
        ({"identifier": "x" * 2001}, {"identifier": ["Ensure this field has no more than 2000 characters."]}),
        ({"identifier": "ada"}, {"identifier": "Identity with identifier 'ada' already exists in this environment"}),
    ],
)
def test_a_wrong_identifier_is_refused(api, url, person, body, error):
    answer = api.post(url, body, format="json")

    assert (answer.status_code, answer.json()) == (400, error)


@pytest.mark.database
def test_identities_are_searched_by_part_or_exactly(api, environment, url, person):
    an_identity(environment, "adam")

    assert [row["identifier"] for row in api.get(url, {"q": "AD"}).json()["results"]] == ["ada", "adam"]
    assert [row["identifier"] for row in api.get(url, {"q": '"ada"'}).json()["results"]] == ["ada"]


def test_an_identifier_cannot_be_changed(api, url, person):
    assert api.put(f"{url}{person.pk}/", {"identifier": "ada"}, format="json").status_code == 200
    assert api.patch(f"{url}{person.pk}/", {"identifier": "eve"}, format="json").status_code == 400


@pytest.mark.database
@pytest.mark.parametrize(
    ("columns", "value"),
    [
        ({"value_type": "unicode", "string_value": "x"}, "x"),
        ({"string_value": ""}, ""),
        ({"value_type": "int", "integer_value": 2**53, "string_value": "ignored"}, 2**53),
        ({"value_type": "bool", "boolean_value": False}, False),
        ({"value_type": "float", "float_value": 1}, 1.0),
    ],
)
def test_a_trait_is_kept_in_the_column_that_its_type_names(api, person, traits, columns, value):
    answer = api.post(traits, {"trait_key": "k"} | columns, format="json")

    assert answer.status_code == 201
    told = answer.json()
    assert told["id"] == person.pk * TRAIT_NUMBERS + numbers_of(person.environment_id, ["k"])["k"]
    kept = [told[name] for name in ("string_value", "integer_value", "boolean_value", "float_value")]
    assert [item for item in kept if item is not None] == [value]
    assert stored(person) == {"k": value}
    assert type(stored(person)["k"]) is type(value)
    assert api.get(f"{traits}{told['id']}/").json() == told


@pytest.mark.parametrize(
    "body",
    [
        {"trait_key": "k"},
        {"string_value": "x"},
        {"trait_key": "k", "value_type": "int", "string_value": "5"},
        {"trait_key": "k", "value_type": "int", "integer_value": 2**53 + 1},
        {"trait_key": "k", "value_type": "float", "float_value": "nan"},
        {"trait_key": "k", "value_type": "float", "float_value": "inf"},
        {"trait_key": "k" * 201, "string_value": "x"},
        {"trait_key": "k", "string_value": "x" * 2001},
        {"trait_key": "k", "value_type": "list", "string_value": "x"},
        {"trait_key": "taken", "string_value": "x"},
    ],
)
def test_a_wrong_trait_is_refused(api, environment, person, traits, body):
    Identity.objects.filter(pk=person.pk).update(traits={"taken": 1})

    assert api.post(traits, body, format="json").status_code == 400
    assert stored(person) == {"taken": 1}


def test_a_trait_is_changed_renamed_and_deleted(api, person, traits):
    made = api.post(traits, {"trait_key": "a", "value_type": "int", "integer_value": 1}, format="json").json()
    address = f"{traits}{made['id']}/"

    patched = api.patch(address, {"integer_value": 2}, format="json").json()
    assert (patched["id"], patched["integer_value"]) == (made["id"], 2)
    retyped = api.put(address, {"trait_key": "a", "value_type": "unicode", "string_value": "x"}, format="json").json()
    assert (retyped["id"], retyped["string_value"], retyped["integer_value"]) == (made["id"], "x", None)
    renamed = api.put(address, {"trait_key": "b", "string_value": "x"}, format="json").json()
    assert renamed["id"] != made["id"]
    assert stored(person) == {"b": "x"}
    assert api.get(address).status_code == 404
    assert api.delete(f"{traits}{renamed['id']}/").status_code == 204
    assert stored(person) == {}


def test_a_trait_can_be_deleted_from_everybody(api, environment, person, traits):
    other = an_identity(environment, traits={"plan": "x", "kept": 1})
    made = api.post(traits, {"trait_key": "plan", "string_value": "pro"}, format="json").json()

    assert api.delete(f"{traits}{made['id']}/?deleteAllMatchingTraits=true").status_code == 204
    assert stored(person) == {}
    assert stored(other) == {"kept": 1}


def test_trait_keys_are_listed_and_deleted(api, environment, person, traits):
    base = f"/api/v1/environments/{environment.api_key}"
    api.post(traits, {"trait_key": "plan", "string_value": "pro"}, format="json")
    api.post(traits, {"trait_key": "age", "value_type": "int", "integer_value": 3}, format="json")

    assert api.get(f"{base}/trait-keys/").json() == {"keys": ["age", "plan"]}
    assert api.post(f"{base}/delete-traits/", {"key": "plan"}, format="json").status_code == 200
    assert api.get(f"{base}/trait-keys/").json() == {"keys": ["age"]}
    unknown = api.post(f"{base}/delete-traits/", {"key": "nothing"}, format="json")
    assert (unknown.status_code, list(unknown.json())) == (400, ["detail"])


def test_a_trait_of_somebody_else_looks_missing(api, environment, person, traits):
    other = an_identity(environment, traits={"k": 1})
    number = numbers_of(environment.pk, ["k"])["k"]

    for identity_id in (other.pk, person.pk, 2**40):
        answer = api.get(f"{traits}{identity_id * TRAIT_NUMBERS + number}/")
        assert (answer.status_code, answer.json()) == (404, {"detail": "No Trait matches the given query."})


@pytest.mark.database
def test_overrides_of_an_identity_are_made_changed_and_deleted(api, environment, url, person):
    feature = a_feature(environment.project, initial_value="one")
    states = f"{url}{person.pk}/featurestates/"

    made = api.post(states, {"feature": feature.pk, "enabled": True, "feature_state_value": "me"}, format="json")
    assert made.status_code == 201
    assert (made.json()["identity"], made.json()["feature_state_value"]) == (person.pk, "me")
    again = api.post(states, {"feature": feature.pk}, format="json")
    assert again.status_code == 400
    address = f"{states}{made.json()['id']}/"
    assert api.put(address, {"feature_state_value": 7}, format="json").json()["feature_state_value"] == 7
    assert api.patch(address, {"enabled": False}, format="json").json() == {"feature": feature.pk, "enabled": False}
    (listed,) = api.get(states).json()["results"]
    assert listed["identity"] == {"id": person.pk, "identifier": "ada"}
    (effective,) = api.get(f"{states}all/").json()
    assert effective == {
        "feature": {"id": feature.pk, "name": feature.name, "type": "STANDARD"},
        "enabled": False,
        "feature_state_value": 7,
        "overridden_by": "IDENTITY",
        "segment": None,
        "multivariate_feature_state_values": [],
    }
    assert api.delete(address).status_code == 204
    assert api.get(f"{states}all/").json()[0]["overridden_by"] is None


def test_a_feature_of_another_project_is_as_forbidden_as_one_that_is_not_there(api, url, person):
    states = f"{url}{person.pk}/featurestates/"

    answers = [api.post(states, {"feature": id_}, format="json") for id_ in (a_feature().pk, 4242)]

    assert [(answer.status_code, answer.content) for answer in answers] == [(403, answers[0].content)] * 2


def test_overrides_are_cloned_from_another_identity(api, environment, url, person):
    feature, source = a_feature(environment.project), an_identity(environment)
    apply(environment, feature, [Set(target=ForIdentity(source.pk), value="x")], actor=SYSTEM)
    address = f"{url}{person.pk}/featurestates/clone-from-given-identity/"

    answer = api.post(address, {"source_identity_id": source.pk}, format="json")
    foreign = api.post(address, {"source_identity_id": an_identity().pk}, format="json")

    assert [(row["feature_state_value"], row["overridden_by"]) for row in answer.json()] == [("x", "IDENTITY")]
    assert foreign.status_code == 400


def test_identities_of_another_environment_look_missing(api, foreigner, url, person):
    other = an_identity()

    for part in ("", "traits/", "featurestates/", "featurestates/all/"):
        assert api.get(f"{url}{other.pk}/{part}").status_code == 404
        assert client_of(foreigner).get(f"{url}{person.pk}/{part}").status_code == 403


@pytest.mark.database
@pytest.mark.parametrize(("size", "page", "shown"), [(3, 1, 3), (3, 2, 2), (5, 1, 5), (4, 1, 4), (6, 1, 5)])
def test_a_search_tells_how_many_there_are_however_full_its_page_is(api, environment, url, size, page, shown):
    for number in range(5):
        an_identity(environment, f"Person-{number}@example.com")
    an_identity(environment, "somebody else")

    answer = api.get(url, {"q": "pErSoN-", "page_size": size, "page": page}).json()

    assert (answer["count"], len(answer["results"])) == (5, shown)
    assert (answer["next"] is None) == (size * page >= 5)


@pytest.mark.parametrize("page", [2, "x", 0])
def test_a_search_has_no_page_past_its_end(api, environment, url, page):
    an_identity(environment, "person")

    assert api.get(url, {"q": "nobody", "page": page}).status_code == 404


@pytest.mark.database
@pytest.mark.database
def test_a_search_reads_what_its_engine_keeps_for_it(environment):
    kept = {"sqlite": f"COVERING INDEX {search_index.NAME}", "postgresql": search_index.CAPITALS}
    if connection.vendor not in kept:
        pytest.skip("nothing is kept for it")
    plan = identities_in(environment, search="person").explain()

    assert kept[connection.vendor] in plan


@pytest.mark.database
@pytest.mark.parametrize("count", [5, 60])
def test_the_number_of_queries_does_not_grow(api, environment, url, person, count, django_assert_num_queries):
    keys = {f"k{number}": number for number in range(count)}
    Identity.objects.filter(pk=person.pk).update(traits=keys)
    numbers_of(environment.pk, keys)
    for number in range(count - 1):
        an_identity(environment, f"p{number}")

    with django_assert_num_queries(4):
        assert len(api.get(url).json()["results"]) == count
    with django_assert_num_queries(5):
        assert len(api.get(f"{url}{person.pk}/traits/").json()["results"]) == count
