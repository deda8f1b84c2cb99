"""Values of custom fields on features, segments and environments."""

from typing import Any, NamedTuple

import pytest

from burgee.control.custom_fields.models import Attachment, FieldValue, Kind
from burgee.control.events.models import Event
from tests.factories.custom_fields import a_field, a_value, an_attachment
from tests.factories.environments import an_environment
from tests.factories.events import everything_delivered
from tests.factories.features import a_feature
from tests.factories.projects import a_project
from tests.factories.segments import a_segment

RULES = [{"type": "ALL", "rules": [], "conditions": [{"operator": "EQUAL", "property": "plan", "value": "pro"}]}]


class Place(NamedTuple):
    """Where objects of a kind are made, a body that makes one, and how one is reached."""

    kind: Kind
    listing: str
    body: dict[str, Any]
    key: str

    def one(self, told: dict[str, Any]) -> str:
        return f"{self.listing.partition('?')[0]}{told[self.key]}/"


@pytest.fixture
def project(organisation):
    return a_project(organisation)


@pytest.fixture(params=list(Kind))
def place(request, project) -> Place:
    inside = f"/api/v1/projects/{project.pk}"
    environments = f"/api/v1/environments/?project={project.pk}"
    return {
        Kind.FEATURE: Place(Kind.FEATURE, f"{inside}/features/", {"name": "new"}, "id"),
        Kind.SEGMENT: Place(Kind.SEGMENT, f"{inside}/segments/", {"name": "new", "rules": RULES}, "id"),
        Kind.ENVIRONMENT: Place(Kind.ENVIRONMENT, environments, {"name": "new", "project": project.pk}, "api_key"),
    }[request.param]


@pytest.fixture
def attachment(organisation, place) -> Attachment:
    return an_attachment(a_field(organisation, name="Owner"), place.kind)


def metadata(*pairs: tuple[int, Any]) -> dict[str, Any]:
    return {"metadata": [{"model_field": id_, "field_value": text} for id_, text in pairs]}


def shown(told: dict[str, Any]) -> list[tuple[int, str]]:
    return [(item["model_field"], item["field_value"]) for item in told["metadata"]]


def test_values_are_given_shown_changed_and_taken_away(api, place, attachment):
    made = api.post(place.listing, place.body | metadata((attachment.pk, "ada")), format="json")

    assert made.status_code == 201
    assert made.json()["metadata"] == [
        {"id": FieldValue.objects.get().pk, "model_field": attachment.pk, "field_value": "ada"}
    ]
    one = place.one(made.json())
    assert shown(api.get(one).json()) == [(attachment.pk, "ada")]
    assert shown(api.get(place.listing).json()["results"][-1]) == [(attachment.pk, "ada")]
    told = made.json() | metadata((attachment.pk, "bob"))
    assert shown(api.put(one, told, format="json").json()) == [(attachment.pk, "bob")]
    assert shown(api.patch(one, metadata(), format="json").json()) == []
    assert FieldValue.objects.count() == 0


def test_what_is_read_can_be_sent_back_and_tells_nobody(api, place, attachment):
    made = api.post(place.listing, place.body | metadata((attachment.pk, "ada")), format="json").json()
    before = Event.objects.count()

    again = api.put(place.one(made), made, format="json")

    assert (again.status_code, again.json()["metadata"]) == (200, made["metadata"])
    assert Event.objects.count() == before


@pytest.mark.parametrize("method", ["put", "patch"])
def test_values_stay_when_a_write_does_not_name_them(api, place, attachment, method):
    made = api.post(place.listing, place.body | metadata((attachment.pk, "ada")), format="json").json()
    body = {name: value for name, value in made.items() if name != "metadata"} | {"description": "changed"}

    told = getattr(api, method)(place.one(made), body, format="json").json()

    assert (told["description"], told["metadata"]) == ("changed", made["metadata"])


@pytest.mark.parametrize(
    ("field_type", "text"), [("int", "x"), ("bool", "2"), ("url", "nowhere"), ("int", True), ("str", ""), ("str", [])]
)
def test_a_value_of_another_type_is_refused_in_its_place(api, organisation, place, attachment, field_type, text):
    typed = an_attachment(a_field(organisation, type=field_type), place.kind)

    answer = api.post(place.listing, place.body | metadata((attachment.pk, "ada"), (typed.pk, text)), format="json")

    assert answer.status_code == 400
    first, second = answer.json()["metadata"]
    assert (first, list(second)) == ({}, ["field_value"])
    assert FieldValue.objects.count() == 0


def test_over_long_double_and_shapeless_values_are_refused(api, place, attachment):
    one = attachment.pk
    for given in (
        metadata((one, "x" * 2001)),
        metadata((one, "a"), (one, "b")),
        metadata(("x", "a")),
        {"metadata": {"model_field": one}},
        {"metadata": [1]},
        {"metadata": [{"model_field": one}]},
        {"metadata": None},
    ):
        answer = api.post(place.listing, place.body | given, format="json")
        assert (answer.status_code, list(answer.json())) == (400, ["metadata"]), given
    made = api.post(place.listing, place.body | metadata((one, "x" * 2000)), format="json")
    assert made.status_code == 201
    for left_out in ("model_field", "field_value"):
        item = {"model_field": one, "field_value": "a"}
        del item[left_out]
        answer = api.patch(place.one(made.json()), {"metadata": [item]}, format="json")
        assert (answer.status_code, answer.json()) == (400, {"metadata": [{left_out: ["This field is required."]}]})


def test_fields_of_others_are_unknown(api, organisation, place, attachment):
    other_kind = next(kind for kind in Kind if kind != place.kind)
    strangers = [
        an_attachment(a_field(), place.kind).pk,
        an_attachment(a_field(project=a_project(organisation)), place.kind).pk,
        an_attachment(a_field(organisation), other_kind).pk,
        4242,
    ]
    for id_ in strangers:
        answer = api.post(place.listing, place.body | metadata((id_, "a")), format="json")
        assert answer.json() == {"metadata": [{"model_field": [f'Invalid pk "{id_}" - object does not exist.']}]}
        assert answer.status_code == 400


@pytest.mark.parametrize("is_everywhere", [True, False])
def test_nothing_is_made_without_a_required_value(api, organisation, project, place, attachment, is_everywhere):
    required = an_attachment(a_field(organisation, name="Team"), place.kind, required=is_everywhere or [project])
    missing = {"metadata": ["Missing required metadata field: Team"]}

    for given in ({}, metadata(), metadata((attachment.pk, "ada"))):
        refused = api.post(place.listing, place.body | given, format="json")
        assert (refused.status_code, refused.json()) == (400, missing)
    assert Event.objects.count() == 0
    made = api.post(place.listing, place.body | metadata((required.pk, "a")), format="json")
    assert made.status_code == 201
    emptied = api.patch(place.one(made.json()), metadata(), format="json")
    assert (emptied.status_code, emptied.json()) == (400, missing)


def test_what_was_there_before_a_field_became_required_can_still_be_changed(api, organisation, place):
    made = api.post(place.listing, place.body, format="json").json()
    an_attachment(a_field(organisation), place.kind, required=True)

    assert api.patch(place.one(made), {"description": "d"}, format="json").status_code == 200


def test_lists_read_all_values_at_once(api, organisation, project, place, django_assert_max_num_queries):
    attachments = [an_attachment(a_field(organisation), place.kind) for _ in range(3)]
    make = {Kind.FEATURE: a_feature, Kind.SEGMENT: a_segment, Kind.ENVIRONMENT: an_environment}[place.kind]
    for row in [make(project) for _ in range(40)]:
        for attachment in attachments:
            a_value(attachment, row.pk)

    with django_assert_max_num_queries(14):
        rows = api.get(place.listing).json()["results"]

    assert [len(row["metadata"]) for row in rows] == [3] * 40


@pytest.mark.parametrize("place", [Kind.SEGMENT, Kind.ENVIRONMENT], indirect=True)
def test_clones_keep_the_values(api, place, attachment):
    made = api.post(place.listing, place.body | metadata((attachment.pk, "ada")), format="json").json()

    clone = api.post(f"{place.one(made)}clone/", {"name": "copy"}, format="json").json()

    assert shown(api.get(place.one(clone)).json()) == [(attachment.pk, "ada")]
    assert FieldValue.objects.count() == 2


def test_values_of_an_environment_stand_in_the_lists_of_its_project_and_of_the_log(api, organisation, project):
    environment = an_environment(project)
    attachment = an_attachment(a_field(organisation), Kind.ENVIRONMENT)
    a_value(attachment, environment.pk, "ada")
    api.patch(f"/api/v1/environments/{environment.api_key}/", {"description": "d"}, format="json")
    everything_delivered()

    (listed,) = api.get(f"/api/v1/projects/{project.pk}/environments/").json()
    (line,) = api.get("/api/v1/audit/").json()["results"]

    assert shown(listed) == shown(line["environment"]) == [(attachment.pk, "ada")]
