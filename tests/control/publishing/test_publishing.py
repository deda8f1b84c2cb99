"""Revisions: what makes one, what it costs, and who hears of it."""

import json
import threading
from datetime import timedelta

import msgspec
import pytest
from django.db import transaction

from burgee.control.events.models import Delivery, Event
from burgee.control.events.publish import publishing_pending, register_inline
from burgee.control.kit import clock
from burgee.control.kit.actor import SYSTEM
from burgee.control.organisations.services import change_organisation
from burgee.control.projects.services import delete_project
from burgee.control.publishing import heads, retention, sinks
from burgee.control.publishing.models import Head, HeadPart, Manifest, Part
from burgee.control.publishing.queries import snapshot
from burgee.control.publishing.services import publish_environment, publish_event, repair
from burgee.control.targeting import openings
from burgee.control.targeting.edits import Everyone, ForIdentity, Set
from burgee.control.targeting.services import apply
from burgee.wire.snapshot import Delta
from tests.control.asked import asking
from tests.factories.environments import an_environment
from tests.factories.features import a_feature
from tests.factories.identities import an_identity
from tests.factories.segments import a_segment

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def environment():
    return an_environment()


@pytest.fixture
def deltas():
    heard: list[Delta] = []
    unsubscribe = sinks.subscribe(heard.append)
    yield heard
    unsubscribe()


def toggle(environment, feature, enabled=True):
    return apply(environment, feature, [Set(target=Everyone(), enabled=enabled)], actor=SYSTEM)


def test_an_edit_publishes_one_part_before_the_caller_goes_on(environment, deltas, committing):
    feature = a_feature(environment.project)
    a_feature(environment.project)
    repair(environment.pk)
    with committing():
        toggle(environment, feature)
    delta = deltas[-1]
    assert (delta.revision, delta.parent, list(delta.parts)) == (2, 1, [f"flag/{feature.pk}"])
    assert delta.parts[f"flag/{feature.pk}"].state.enabled is True
    assert Delivery.objects.get(consumer="publishing").done_at is not None
    assert publishing_pending.get() is False


def test_a_toggle_costs_the_same_however_many_features_there_are(environment, committing):
    def cost() -> list[str]:
        feature = a_feature(environment.project)
        repair(environment.pk)
        toggle(environment, feature)
        event = Event.objects.latest("id")
        parts = Part.objects.count()
        with asking() as told:
            publish_event(event)
        assert Part.objects.count() == parts + 1
        return told

    few = cost()
    for _ in range(40):
        a_feature(environment.project)
    assert len(cost()) == len(few) <= 20


def test_a_toggle_publishes_and_writes_its_own_flag_alone(environment, committing, deltas):
    for _ in range(30):
        a_feature(environment.project, initial_value="v" * 500)
    feature = a_feature(environment.project)
    with committing():
        repair(environment.pk)
    whole, parts = deltas[-1], set(Part.objects.values_list("digest", flat=True))

    with committing():
        toggle(environment, feature)

    assert list(deltas[-1].parts) == [f"flag/{feature.pk}"]
    [body] = Part.objects.exclude(digest__in=parts).values_list("body", flat=True)
    written = len(body) + len(json.dumps(Manifest.objects.latest("revision").changes))
    assert written < len(msgspec.json.encode(whole.parts)) / 20


def test_publishing_settles_its_delivery_in_its_own_transaction(environment, committing):
    feature = a_feature(environment.project)
    repair(environment.pk)

    with asking() as told, committing():
        toggle(environment, feature)

    settled = next(place for place, sql in enumerate(told) if sql.startswith("UPDATE") and "events_delivery" in sql)
    assert "RELEASE SAVEPOINT" in "".join(told[settled + 1 :])
    assert Delivery.objects.get(consumer="publishing").done_at is not None


def test_publishing_again_makes_no_revision(environment, committing):
    feature = a_feature(environment.project)
    with committing():
        toggle(environment, feature)
    publish_event(Event.objects.get())
    assert repair(environment.pk) is None
    assert Head.objects.get().revision == 1


def test_a_rolled_back_edit_publishes_nothing(environment, deltas, committing):
    feature = a_feature(environment.project)
    repair(environment.pk)
    with committing(), transaction.atomic():
        toggle(environment, feature)
        transaction.set_rollback(True)
    assert deltas == []
    assert not Event.objects.exists()


def test_repair_mends_a_damaged_snapshot(environment):
    feature = a_feature(environment.project)
    repair(environment.pk)
    HeadPart.objects.filter(name=f"flag/{feature.pk}").delete()
    assert list(repair(environment.pk).parts) == [f"flag/{feature.pk}"]


def test_a_change_of_the_organisation_reaches_all_its_environments(environment, deltas, committing):
    other = an_environment(environment.project)
    repair(environment.pk)
    repair(other.pk)
    with committing():
        change_organisation(environment.project.organisation, actor=SYSTEM, stop_serving_flags=True)
    assert {delta.environment_id: list(delta.parts) for delta in deltas} == {
        environment.pk: ["settings"],
        other.pk: ["settings"],
    }


def test_a_deleted_environment_is_a_complete_snapshot_without_parts(environment, deltas, committing):
    repair(environment.pk)
    with committing():
        openings.delete_environment(environment, actor=SYSTEM)
    assert (deltas[-1].complete, deltas[-1].revision, deltas[-1].parts) == (True, 2, {})
    assert not Head.objects.exists()
    assert not HeadPart.objects.exists()
    assert snapshot(environment.pk) is None


def test_a_deleted_project_ends_its_environments(environment, deltas, committing):
    repair(environment.pk)
    with committing():
        delete_project(environment.project, actor=SYSTEM)
    assert deltas[-1].parts == {}


def test_identity_overrides_of_a_deleted_feature_leave_their_bucket(environment, deltas, committing):
    feature, identity = a_feature(environment.project), an_identity(environment)
    with committing():
        apply(environment, feature, [Set(target=ForIdentity(identity.pk), enabled=True)], actor=SYSTEM)
    bucket = f"overrides/{identity.pk % 256}"
    assert snapshot(environment.pk).parts[bucket].identities[0].identifier == identity.identifier
    with committing():
        openings.delete_feature(feature, actor=SYSTEM)
    assert deltas[-1].parts == {bucket: None, f"flag/{feature.pk}": None}


def test_environments_share_the_parts_that_are_equal(environment):
    other = an_environment(environment.project)
    a_segment(environment.project)
    repair(environment.pk)
    repair(other.pk)
    assert HeadPart.objects.filter(name__startswith="segment/").count() == 2
    assert Part.objects.filter(body__contains='"segment"').count() == 1


def test_now_and_then_a_revision_is_written_down_whole(environment, monkeypatch):
    monkeypatch.setattr(heads, "CHECKPOINT_EVERY", 8)
    feature = a_feature(environment.project)
    repair(environment.pk)
    for number in range(8):
        toggle(environment, feature, enabled=number % 2 == 0)
        publish_environment(environment.pk, frozenset([f"flag/{feature.pk}"]))
    complete = Manifest.objects.filter(complete=True).order_by("revision")
    assert list(complete.values_list("revision", "parent")) == [(1, None), (8, None)]
    assert set(complete.last().changes) == {"settings", f"flag/{feature.pk}"}
    assert Manifest.objects.get(revision=9).parent == 8


def test_a_new_epoch_wins_and_starts_with_a_complete_snapshot(environment, deltas, committing):
    with committing():
        repair(environment.pk)
    epoch = heads.renew_epoch()
    with committing():
        assert repair(environment.pk) is not None
    first, second = deltas
    assert (second.epoch, second.revision, second.complete) == (epoch, 1, True)
    assert (second.epoch, second.revision) > (first.epoch, first.revision)
    assert repair(environment.pk) is None


def test_old_manifests_go_but_what_later_ones_are_read_from_stays(environment, monkeypatch):
    monkeypatch.setattr(heads, "CHECKPOINT_EVERY", 8)
    feature = a_feature(environment.project)
    repair(environment.pk)
    for number in range(10):
        toggle(environment, feature, enabled=number % 2 == 0)
        publish_environment(environment.pk, frozenset([f"flag/{feature.pk}"]))
    assert retention.expire(before=clock.now() + timedelta(days=1)) == 7
    assert list(Manifest.objects.order_by("revision").values_list("revision", flat=True)) == list(range(8, 12))


def test_a_part_that_nothing_names_goes_after_a_while(environment):
    feature = a_feature(environment.project)
    repair(environment.pk)
    Part.objects.create(digest="0" * 64, body="{}")
    assert retention.sweep() == 0
    Part.objects.filter(digest="0" * 64).update(orphaned_at=clock.now() - timedelta(hours=2))
    Part.objects.exclude(digest="0" * 64).update(orphaned_at=clock.now() - timedelta(hours=2))
    assert retention.sweep() == 1
    assert not Part.objects.exclude(orphaned_at=None).exists()
    assert f"flag/{feature.pk}" in snapshot(environment.pk).parts


def test_a_failing_publisher_leaves_the_write_and_says_that_it_is_pending(environment, committing):
    feature = a_feature(environment.project)

    def broken(event: Event, _settle: object) -> None:
        raise ZeroDivisionError

    register_inline("publishing", broken)
    try:
        with committing():
            toggle(environment, feature)
    finally:
        register_inline("publishing", publish_event)
    delivery = Delivery.objects.get()
    assert publishing_pending.get() is True
    assert (delivery.done_at, delivery.due_at <= clock.now()) == (None, True)


def delta_of(revision: int, environment_id: int = -1) -> Delta:
    moment = clock.now()
    return Delta(
        environment_id=environment_id, epoch=1, revision=revision, parent=revision - 1, published_at=moment, parts={}
    )


def test_a_lower_revision_never_follows_a_higher_one(deltas):
    sinks.deliver(delta_of(7))
    sinks.deliver(delta_of(6))
    assert [delta.revision for delta in deltas] == [7]


def test_a_revision_waits_for_the_one_that_was_committed_before_it(deltas):
    first, second = delta_of(1, -2), delta_of(2, -2)
    sinks.expect(first)
    sinks.expect(second)
    later = threading.Thread(target=sinks.deliver, args=(second,))
    later.start()
    sinks.deliver(first)
    later.join(5)
    assert [delta.revision for delta in deltas] == [1, 2]


def test_a_sink_that_fails_does_not_keep_the_others_from_hearing(deltas):
    def broken(delta: Delta) -> None:
        raise ZeroDivisionError

    unsubscribe = sinks.subscribe(broken)
    sinks.deliver(delta_of(1, -3))
    unsubscribe()
    assert [delta.revision for delta in deltas] == [1]
