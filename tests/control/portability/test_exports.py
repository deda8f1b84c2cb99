"""Exporting features: what the file says, and that a file imports as what it was exported from."""

import json
from datetime import timedelta

import pytest

from burgee.control.events.models import Event
from burgee.control.features.models import Feature
from burgee.control.jobs.models import Job
from burgee.control.jobs.services import MOST_ATTEMPTS, run_due
from burgee.control.kit import clock
from burgee.control.kit.actor import SYSTEM
from burgee.control.portability import exports, files
from burgee.control.portability.errors import ExportTagUnknown
from burgee.control.portability.exports import ask_for_export
from burgee.control.portability.models import FeatureExport
from burgee.control.targeting.edits import Everyone, ForIdentity, ForSegment, Set
from burgee.control.targeting.models import FeatureState
from burgee.control.targeting.openings import clone_environment, delete_feature
from burgee.control.targeting.services import apply
from burgee.control.worker.jobs import KINDS
from tests.control.portability.conftest import a_variant, an_item, do_all_jobs
from tests.factories.environments import an_environment
from tests.factories.features import a_feature, a_tag
from tests.factories.identities import an_identity
from tests.factories.segments import a_segment

pytestmark = pytest.mark.django_db


def exported(environment, tag_ids=()):
    export = ask_for_export(environment, tag_ids, actor=SYSTEM)
    do_all_jobs()
    export.refresh_from_db()
    assert export.status == "SUCCESS"
    return json.loads(export.data)


def test_a_file_holds_definitions_and_the_defaults_of_the_environment():
    here = an_environment()
    an_environment(here.project)
    plain = a_feature(here.project, name="plain", initial_value="7", default_enabled=True, is_server_key_only=True)
    a_feature(here.project, name="split", variants={"a": 25.5, True: 10})
    apply(here, plain, [Set(target=Everyone(), value=False, enabled=False)], actor=SYSTEM)
    targets = [ForSegment(a_segment(here.project).pk), ForIdentity(an_identity(here).pk)]
    apply(here, plain, [Set(target=target, value="override") for target in targets], actor=SYSTEM)

    assert exported(here) == [
        an_item("plain", initial_value="7", default_enabled=True, is_server_key_only=True, value=False, type="bool"),
        an_item(
            "split",
            multivariate=[a_variant("a", 25.5, default=25.5), a_variant(True, 10, default=10, kind="bool")],
        ),
    ]


def test_archived_and_deleted_features_stay_at_home():
    here = an_environment()
    a_feature(here.project, name="kept")
    a_feature(here.project, name="archived", is_archived=True)
    delete_feature(a_feature(here.project, name="deleted"), actor=SYSTEM)

    assert [item["name"] for item in exported(here)] == ["kept"]


def test_tags_choose_features_that_carry_one_of_them():
    here = an_environment()
    red, blue = a_tag(here.project, "red"), a_tag(here.project, "blue")
    a_feature(here.project, name="none")
    a_feature(here.project, name="both").tags.add(red, blue)
    a_feature(here.project, name="red").tags.add(red)
    a_feature(here.project, name="blue").tags.add(blue)

    assert [item["name"] for item in exported(here, [red.pk])] == ["both", "red"]
    assert [item["name"] for item in exported(here, [red.pk, blue.pk])] == ["both", "red", "blue"]


@pytest.mark.database
def test_tags_of_another_project_are_refused():
    here = an_environment()
    foreign = a_tag(an_environment().project)

    with pytest.raises(ExportTagUnknown):
        ask_for_export(here, [foreign.pk], actor=SYSTEM)
    assert not FeatureExport.objects.exists()


@pytest.mark.database
def test_a_file_imports_into_another_project_as_what_it_was(imported):
    here = an_environment()
    a_feature(here.project, name="plain", initial_value="12", default_enabled=True)
    a_feature(here.project, name="split", initial_value="é😀", variants={"a": 33.3, 2: 0, None: 0.1})
    a_feature(here.project, name="empty", initial_value="")
    there = an_environment()

    imported(there, exported(here))

    assert exported(there) == exported(here)
    definitions = Feature.objects.order_by("name").values_list("name", "type", "initial_value", "default_enabled")
    assert list(definitions.filter(project=there.project)) == list(definitions.filter(project=here.project))


def test_a_file_that_would_be_too_large_is_not_made(monkeypatch):
    here = an_environment()
    a_feature(here.project)
    monkeypatch.setattr(files, "LARGEST", 50)
    export = ask_for_export(here, [], actor=SYSTEM)

    do_all_jobs()

    export.refresh_from_db()
    assert (export.status, export.data) == ("FAILED", None)
    assert "50 are allowed" in export.error


@pytest.mark.database
def test_an_export_that_always_fails_is_given_up(monkeypatch):
    export = ask_for_export(an_environment(), [], actor=SYSTEM)
    monkeypatch.setattr(exports, "_items", None)
    for _ in range(MOST_ATTEMPTS):
        Job.objects.update(due_at=clock.now())
        run_due(KINDS, owner="test")

    export.refresh_from_db()
    assert (export.status, export.error) == ("FAILED", exports.GIVEN_UP)


@pytest.mark.database
def test_an_export_that_is_made_is_not_made_again():
    here = an_environment()
    a_feature(here.project)
    exported(here)
    FeatureState.objects.update(enabled=True)
    Job.objects.update(status="waiting", due_at=clock.now())

    do_all_jobs()

    assert json.loads(FeatureExport.objects.get().data or "")[0]["enabled"] is False


@pytest.mark.database
def test_old_exports_are_let_go():
    exported(an_environment())
    assert exports.expire() == 0

    FeatureExport.objects.update(created_at=clock.now() - timedelta(days=15))

    assert exports.expire() == 1


def test_an_export_is_an_event_of_its_environment():
    here = an_environment()
    exported(here)

    event = Event.objects.get()
    assert (event.type, event.environment_id) == ("feature.exported", here.pk)


def test_an_environment_that_is_still_being_made_is_not_exported():
    clone = clone_environment(an_environment(), "Clone", later=True, actor=SYSTEM)

    with pytest.raises(Exception, match="still being made"):
        ask_for_export(clone, [], actor=SYSTEM)
