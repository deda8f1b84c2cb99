import threading

import pytest

from burgee import engine
from burgee.edge.store import Changed, Store, Verdict
from burgee.wire.snapshot import Delta, ServerKey
from tests.edge.parts import (
    CLIENT_KEY,
    PUBLISHED,
    SERVER_KEY,
    change,
    complete,
    digest,
    flag,
    overridden,
    override,
    segment,
    settings,
    state,
    when,
)

KEY = CLIENT_KEY.encode()


@pytest.fixture
def store() -> Store:
    return Store()


def names(store: Store, key: bytes = KEY) -> list[str]:
    view = store.by_client_key(key)
    assert view is not None
    return [part.name for part, _ in view.environment.fragments.values()]


def test_a_complete_snapshot_is_served_when_accept_returns(store):
    assert store.accept(complete(settings(), flag(1))) is Verdict.ACCEPTED
    assert names(store) == ["flag_1"]
    assert store.versions() == {2: (1, 1)}


def test_a_delta_changes_what_it_names_and_keeps_the_rest(store):
    store.accept(complete(settings(), flag(1), flag(2)))

    assert store.accept(change(2, flag(2, "second"), flag(3), removed=("flag/1",))) is Verdict.ACCEPTED
    assert names(store) == ["second", "flag_3"]


@pytest.mark.parametrize(("epoch", "revision"), [(5, 9), (5, 10), (4, 99)])
def test_what_is_not_newer_is_stale(store, epoch, revision):
    store.accept(complete(settings(), flag(1), epoch=5, revision=10))

    assert store.accept(complete(settings(), epoch=epoch, revision=revision)) is Verdict.STALE
    assert names(store) == ["flag_1"]


def test_a_higher_epoch_wins_over_any_revision(store):
    store.accept(complete(settings(), flag(1), epoch=5, revision=10))

    assert store.accept(complete(settings(), flag(2), epoch=6, revision=1)) is Verdict.ACCEPTED
    assert names(store) == ["flag_2"]


@pytest.mark.parametrize("first", [None, complete(settings(), flag(1), revision=5), complete(settings(), epoch=9)])
def test_a_delta_onto_something_else_is_a_gap(store, first):
    if first is not None:
        store.accept(first)
    delta = Delta(environment_id=2, epoch=9, revision=8, parent=7, published_at=PUBLISHED, parts={})

    assert store.accept(delta) is Verdict.GAP


def test_a_removed_environment_stays_removed(store):
    store.accept(complete(settings(), flag(1)))

    assert store.accept(complete(revision=3)) is Verdict.ACCEPTED
    assert store.by_client_key(KEY) is None
    assert store.by_server_key_digest(digest(SERVER_KEY)) is None
    assert store.accept(complete(settings(), revision=2)) is Verdict.STALE
    assert store.accept(complete(settings(), revision=4)) is Verdict.ACCEPTED
    assert store.by_client_key(KEY) is not None


def test_keys_follow_the_settings(store):
    store.accept(complete(settings()))

    store.accept(change(2, settings(client_key="fresh", server_keys=(ServerKey(digest="d" * 64),))))

    assert store.by_client_key(KEY) is None
    assert store.by_client_key(b"fresh") is not None
    assert store.by_server_key_digest(digest(SERVER_KEY)) is None
    assert store.by_server_key_digest("d" * 64) is not None


def test_only_what_changed_is_made_anew(store):
    store.accept(complete(settings(), flag(1), flag(2), segment(7), overridden(5, "ada", (1, state(9)))))
    before = store.environment(2)

    store.accept(
        complete(settings(), flag(1), flag(2, "b"), segment(7), overridden(5, "ada", (1, state(9))), revision=2)
    )
    after = store.environment(2)

    assert after.rules.server.flags["flag_1"] is before.rules.server.flags["flag_1"]
    assert after.segment_units[0] is before.segment_units[0]
    assert after.fragments["flag/1"] is before.fragments["flag/1"]
    assert after.overridden is before.overridden
    assert "flag_2" not in after.rules.server.flags


def test_changed_settings_change_every_answer(store):
    store.accept(complete(settings(), flag(1, enabled=False), flag(2)))

    store.accept(change(2, settings(hide_disabled_flags=True)))

    view = store.by_client_key(KEY)
    assert b"flag_1" not in view.flags.body
    assert view.rules.evaluate(engine.Identity("ada"))[0] == b""


def test_a_changed_segment_reaches_the_flags_it_overrides(store):
    targeted = flag(1, value="default", overrides=(override(7, 70, value="seg"),))
    store.accept(complete(settings(), targeted, segment(7, when("plan", "EQUAL", "pro"))))
    ada = engine.Identity("ada", "", {"plan": "free"})
    assert b'"seg"' not in store.by_client_key(KEY).rules.evaluate(ada)[0]

    store.accept(change(2, segment(7, when("plan", "EQUAL", "free"))))

    assert b'"seg"' in store.by_client_key(KEY).rules.evaluate(ada)[0]


def test_listeners_hear_of_changes_after_they_are_served(store):
    heard: list[tuple[Changed, bool]] = []
    store.listen(lambda changed: heard.append((changed, store.version(2) == changed.version)))

    store.accept(complete(settings()))
    store.accept(complete(settings()))
    store.accept(complete(revision=2))

    assert [(one.version, one.environment is None, served) for one, served in heard] == [
        ((1, 1), False, True),
        ((1, 2), True, True),
    ]


def test_snapshots_from_many_threads_leave_the_newest(store):
    revisions = range(1, 41)
    threads = [
        threading.Thread(
            target=lambda number: store.accept(complete(settings(), flag(number), revision=number)), args=(n,)
        )
        for n in revisions
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert store.versions() == {2: (1, 40)}
    assert names(store) == ["flag_40"]
