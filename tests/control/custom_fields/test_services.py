"""Fields and their values change in one transaction with one event, and the log tells what changed."""

import pytest

from burgee.control.audit.models import AuditLog
from burgee.control.custom_fields.attachments import Requirement, attach_field, detach_field, require_field
from burgee.control.custom_fields.errors import (
    AttachedAlready,
    FieldNameTaken,
    RequiredValueMissing,
    UnknownPlace,
    ValuesDoNotFit,
    WrongValues,
)
from burgee.control.custom_fields.models import Attachment, CustomField, FieldValue, Kind
from burgee.control.custom_fields.services import FieldChanges, NewField, change_field, create_field, delete_field
from burgee.control.custom_fields.values import GivenValue, set_values, values_of
from burgee.control.environments.services import change_environment
from burgee.control.events.models import Event
from burgee.control.features.services import FeatureChanges, change_feature
from burgee.control.kit.actor import SYSTEM
from burgee.control.segments.services import SegmentChanges, change_segment, clone_segment
from burgee.control.targeting.openings import clone_environment, delete_feature
from tests.factories.custom_fields import a_field, a_value, an_attachment
from tests.factories.environments import an_environment
from tests.factories.events import everything_delivered
from tests.factories.features import a_feature
from tests.factories.organisations import an_organisation
from tests.factories.projects import a_project
from tests.factories.segments import a_segment

pytestmark = pytest.mark.django_db


def types() -> list[str]:
    return list(Event.objects.order_by("id").values_list("type", flat=True))


def told() -> list[tuple[str, list[tuple[str, object, object]]]]:
    """Each line of the log with the fields that it says changed."""
    everything_delivered()
    lines = AuditLog.objects.order_by("id")
    return [(line.log, [(item["field"], item["old"], item["new"]) for item in line.details]) for line in lines]


def given(attachment: Attachment, text: str = "value") -> tuple[GivenValue, ...]:
    return (GivenValue(attachment_id=attachment.pk, text=text),)


def texts_of(kind: Kind, object_id: int) -> list[str]:
    return [value.text for value in values_of(kind, [object_id]).get(object_id, [])]


def test_a_field_is_made_changed_and_deleted_with_a_line_each():
    field = create_field(an_organisation(), NewField(name="Owner"), actor=SYSTEM)
    change_field(field, FieldChanges(name="Team"), actor=SYSTEM)
    change_field(field, FieldChanges(name="Team"), actor=SYSTEM)
    delete_field(field, actor=SYSTEM)
    delete_field(field, actor=SYSTEM)

    assert types() == ["custom_field.created", "custom_field.changed", "custom_field.deleted"]
    assert told() == [
        ("Custom field created: Owner", [("name", None, "Owner"), ("type", None, "str")]),
        ("Custom field updated: Team", [("name", "Owner", "Team")]),
        (
            "Custom field deleted: Team",
            [("name", "Team", None), ("type", "str", None), ("had_by", "[]", None), ("values", 0, None)],
        ),
    ]


@pytest.mark.database
def test_a_name_is_taken_once_in_the_organisation_and_once_in_each_project():
    organisation = an_organisation()
    project = a_project(organisation)
    new = NewField(name="Owner")
    create_field(organisation, new, actor=SYSTEM)
    create_field(organisation, new, project=project, actor=SYSTEM)
    create_field(organisation, new, project=a_project(organisation), actor=SYSTEM)

    with pytest.raises(FieldNameTaken):
        create_field(organisation, new, actor=SYSTEM)
    with pytest.raises(FieldNameTaken):
        create_field(organisation, new, project=project, actor=SYSTEM)
    with pytest.raises(FieldNameTaken):
        change_field(a_field(organisation), FieldChanges(name="Owner"), actor=SYSTEM)


@pytest.mark.database
def test_a_deleted_field_takes_its_values_and_frees_its_name():
    field, other = a_field(name="Owner"), a_field()
    kept = a_value(an_attachment(other), 1)
    a_value(an_attachment(field, Kind.FEATURE), 1)
    a_value(an_attachment(field, Kind.SEGMENT), 1)

    delete_field(field, actor=SYSTEM)

    assert list(FieldValue.objects.all()) == [kept]
    assert Event.objects.get().payload["changes"][0]["before"]["values"] == 2
    create_field(field.organisation, NewField(name="Owner"), actor=SYSTEM)


@pytest.mark.database
def test_a_type_that_a_value_is_not_of_is_refused():
    field = a_field()
    value = a_value(an_attachment(field), 1, "12")

    change_field(field, FieldChanges(type="int"), actor=SYSTEM)
    FieldValue.objects.filter(pk=value.pk).update(text="twelve")
    with pytest.raises(ValuesDoNotFit):
        change_field(field, FieldChanges(type="bool"), actor=SYSTEM)

    assert CustomField.objects.get(pk=field.pk).type == "int"


@pytest.mark.database
def test_a_field_is_attached_required_and_detached_with_a_line_each():
    field = a_field(name="Owner")
    project = a_project(field.organisation, name="Shop")

    row = attach_field(field, Kind.FEATURE, Requirement(), actor=SYSTEM)
    for _ in range(2):
        row = require_field(row, Requirement(project_ids=(project.pk,)), actor=SYSTEM)
    a_value(row, 1)
    detach_field(row, actor=SYSTEM)

    assert types() == ["custom_field.attached", "custom_field.required", "custom_field.detached"]
    lines = told()
    assert [log for log, _ in lines] == [
        "Custom field Owner added to every feature",
        "Custom field Owner of every feature: requirement updated",
        "Custom field Owner removed from every feature",
    ]
    assert lines[1][1] == [("required_in", "[]", '["Shop"]')]
    assert FieldValue.objects.count() == 0


@pytest.mark.database
def test_a_field_is_attached_to_a_kind_once():
    attachment = an_attachment(a_field())

    with pytest.raises(AttachedAlready):
        attach_field(attachment.field, Kind.FEATURE, Requirement(), actor=SYSTEM)


def test_a_field_is_required_only_in_projects_that_have_it():
    field = a_field(project=a_project())
    for project in (a_project(), a_project(field.organisation)):
        with pytest.raises(UnknownPlace):
            attach_field(field, Kind.FEATURE, Requirement(project_ids=(project.pk,)), actor=SYSTEM)
    assert Attachment.objects.count() == 0


def test_values_change_with_their_object_in_one_event_that_tells_old_and_new():
    project = a_project()
    environment, feature, segment = an_environment(project), a_feature(project), a_segment(project)
    field = a_field(project.organisation, name="Owner")
    on = {kind: an_attachment(field, kind) for kind in Kind}

    for text in ("ada", "bob", "bob"):
        values = FeatureChanges(custom_values=given(on[Kind.FEATURE], text))
        change_feature(feature, values, actor=SYSTEM)
    change_segment(segment, SegmentChanges(custom_values=given(on[Kind.SEGMENT], "ada")), actor=SYSTEM)
    change_environment(environment, actor=SYSTEM, custom_values=given(on[Kind.ENVIRONMENT], "ada"))
    change_environment(environment, actor=SYSTEM, custom_values=given(on[Kind.ENVIRONMENT], "ada"))
    change_environment(environment, actor=SYSTEM, custom_values=())

    assert [fields for _, fields in told()] == [
        [("custom field Owner", None, "ada")],
        [("custom field Owner", "ada", "bob")],
        [("custom field Owner", None, "ada")],
        [("custom field Owner", None, "ada")],
        [("custom field Owner", "ada", None)],
    ]


@pytest.mark.database
def test_a_segment_whose_fields_change_keeps_its_version():
    segment = a_segment()
    attachment = an_attachment(a_field(segment.project.organisation), Kind.SEGMENT)

    changed = change_segment(segment, SegmentChanges(custom_values=given(attachment)), actor=SYSTEM)

    assert (changed.version, changed.revisions.count()) == (1, 0)


def test_clones_keep_values_even_where_a_required_one_is_missing():
    project = a_project()
    environment, segment = an_environment(project), a_segment(project)
    field = a_field(project.organisation)
    for kind, row in ((Kind.ENVIRONMENT, environment), (Kind.SEGMENT, segment)):
        a_value(an_attachment(field, kind), row.pk, "ada")
        an_attachment(a_field(project.organisation), kind, required=True)

    assert texts_of(Kind.ENVIRONMENT, clone_environment(environment, "Copy", actor=SYSTEM).pk) == ["ada"]
    assert texts_of(Kind.SEGMENT, clone_segment(segment, name="Copy", actor=SYSTEM).pk) == ["ada"]


def test_a_deleted_feature_tells_its_values():
    feature = a_feature()
    a_value(an_attachment(a_field(feature.project.organisation, name="Owner")), feature.pk, "ada")

    delete_feature(feature, actor=SYSTEM)

    assert Event.objects.get().payload["changes"][0]["before"]["custom_fields"] == {"Owner": "ada"}


@pytest.mark.database
def test_a_value_keeps_its_id_when_its_text_changes():
    project = a_project()
    attachment = an_attachment(a_field(project.organisation))

    set_values(project, Kind.FEATURE, 1, given(attachment, "a"))
    first = FieldValue.objects.get()
    set_values(project, Kind.FEATURE, 1, given(attachment, "b"))

    assert [(row.pk, row.text) for row in FieldValue.objects.all()] == [(first.pk, "b")]


@pytest.mark.database
def test_objects_of_different_kinds_with_one_id_have_values_of_their_own():
    project = a_project()
    field = a_field(project.organisation)
    on_feature, on_segment = an_attachment(field, Kind.FEATURE), an_attachment(field, Kind.SEGMENT)

    set_values(project, Kind.FEATURE, 7, given(on_feature, "feature"))
    set_values(project, Kind.SEGMENT, 7, given(on_segment, "segment"))
    set_values(project, Kind.FEATURE, 7, ())

    assert (texts_of(Kind.FEATURE, 7), texts_of(Kind.SEGMENT, 7)) == ([], ["segment"])


def test_values_of_other_kinds_projects_and_organisations_are_unknown():
    project = a_project()
    elsewhere = a_project(project.organisation)
    strangers = [
        an_attachment(a_field(project.organisation), Kind.SEGMENT),
        an_attachment(a_field(project=elsewhere)),
        an_attachment(a_field()),
    ]
    for attachment in strangers:
        with pytest.raises(WrongValues) as caught:
            set_values(project, Kind.FEATURE, 1, given(attachment))
        assert caught.value.items == [{"model_field": [f'Invalid pk "{attachment.pk}" - object does not exist.']}]


def test_a_field_is_required_where_it_says_and_a_field_of_the_project_stands_in():
    organisation = an_organisation()
    here, there = a_project(organisation), a_project(organisation)
    attachment = an_attachment(a_field(organisation, name="Owner"), required=[here])

    set_values(there, Kind.FEATURE, 1, ())
    with pytest.raises(RequiredValueMissing, match="Owner"):
        set_values(here, Kind.FEATURE, 1, ())
    set_values(here, Kind.FEATURE, 1, given(attachment))
    an_attachment(a_field(project=here, name="Owner"))
    set_values(here, Kind.FEATURE, 2, ())
