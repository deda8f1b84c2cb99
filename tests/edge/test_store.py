import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
    part_name,
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


PLANS = ("free", "pro", "team")
PEOPLE = [engine.Identity("ada", "", {"plan": plan}) for plan in PLANS]

a_flag = st.builds(
    lambda number, value, segments, hidden: flag(
        number,
        value=value,
        overrides=tuple(override(id_, number * 10 + id_, value=f"{value} in {id_}") for id_ in segments),
        is_server_key_only=hidden,
    ),
    st.integers(1, 3),
    st.sampled_from(("a", "b")),
    st.sets(st.integers(7, 9)).map(sorted),
    st.booleans(),
)
a_segment = st.builds(
    lambda number, plan: segment(number, when("plan", "EQUAL", plan)), st.integers(7, 9), st.sampled_from(PLANS)
)
a_removal = st.one_of(
    st.integers(1, 3).map(lambda number: f"flag/{number}"), st.integers(7, 9).map(lambda number: f"segment/{number}")
)


@given(st.lists(st.one_of(a_flag, a_segment, a_removal), max_size=12))
def test_after_any_history_the_answers_are_those_of_the_last_state_alone(history):
    store = Store()
    store.accept(complete(settings()))
    parts = {"settings": settings()}
    for revision, one in enumerate(history, 2):
        if isinstance(one, str):
            store.accept(change(revision, removed=(one,)))
            parts.pop(one, None)
        else:
            store.accept(change(revision, one))
            parts[part_name(one)] = one
        # Somebody asks after every change, so that everything that is remembered has been used.
        answers(store)
    fresh = Store()
    fresh.accept(complete(*parts.values()))

    assert answers(store) == answers(fresh)


def answers(store):
    views = (store.by_client_key(KEY), store.by_server_key_digest(digest(SERVER_KEY))[1])
    return [view.rules.evaluate(person) for view in views for person in (*PEOPLE, None)]


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
