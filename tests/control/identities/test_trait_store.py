import threading

import pytest
from django.db import connection, connections

from burgee.control.identities.models import Identity, TraitKey, identity_lookup
from burgee.control.identities.trait_store import apply_patches, read_identity
from burgee.control.kit import clock
from tests.factories.identities import an_identity

pytestmark = [pytest.mark.django_db, pytest.mark.database]

ENVIRONMENT = 7


def patch(identifier: str, **parts) -> dict:
    return {"environment_id": ENVIRONMENT, "identifier": identifier, **parts}


@pytest.fixture(autouse=True)
def _connection_stays(monkeypatch):
    # The test's own transaction lives on this connection.
    monkeypatch.setattr("burgee.control.identities.trait_store.close_old_connections", lambda: None)


def test_an_identity_is_made_with_its_traits_and_their_numbers():
    (row,) = apply_patches([patch("ada", set={"plan": "pro", "age": 36, "score": 1.0, "beta": True})])

    stored = Identity.objects.get(lookup=identity_lookup(ENVIRONMENT, "ada"))
    assert row == {
        "id": stored.pk,
        "identifier": "ada",
        "traits": {"plan": "pro", "age": 36, "score": 1.0, "beta": True},
        "numbers": dict(TraitKey.objects.values_list("name", "number")),
        "created": True,
        "legacy_hash_id": None,
    }
    assert type(stored.traits["score"]) is float
    assert stored.last_seen == clock.today()


def test_a_patch_deletes_then_sets_then_increments():
    apply_patches([patch("ada", set={"a": 1, "b": 2, "n": 5})])

    (row,) = apply_patches([patch("ada", delete=["a", "b"], set={"b": 3}, increment={"n": -2, "m": 1})])

    assert row["traits"] == {"b": 3, "n": 3, "m": 1}
    assert row["created"] is False


def test_the_same_identity_twice_folds_in_order_and_each_sees_its_own_state():
    first, second = apply_patches([patch("ada", set={"a": 1, "b": 1}), patch("ada", set={"a": 2}, delete=["b"])])

    assert first["traits"] == {"a": 1, "b": 1}
    assert second["traits"] == {"a": 2}
    assert first["id"] == second["id"]
    assert Identity.objects.get(pk=first["id"]).traits == {"a": 2}


def test_what_was_written_elsewhere_stays():
    (row,) = apply_patches([patch("ada", set={"a": 1})])
    Identity.objects.filter(pk=row["id"]).update(traits={"a": 1, "b": 2})

    (row,) = apply_patches([patch("ada", set={"c": 3})])

    assert row["traits"] == {"a": 1, "b": 2, "c": 3}


def test_a_refused_patch_fails_alone():
    outcomes = apply_patches(
        [
            patch("ok", set={"a": 1}),
            patch("text", set={"n": "x"}),
            patch("text", increment={"n": 1}),
            patch("new", increment={"n": 2**53 + 1}),
            patch("x" * 2001, set={"a": 1}),
            patch("big", set={"a": 2**53 + 1}),
            patch("nan", set={"a": float("nan")}),
            patch("key", set={"k" * 201: 1}),
            patch("lone \ud800", set={"a": 1}),
            patch("null", set={"a": "\x00"}),
            patch("last", set={"a": 2}),
        ]
    )

    assert [outcome.get("error") for outcome in outcomes] == [
        None,
        None,
        "not_integer",
        "not_integer",
        *["refused"] * 6,
        None,
    ]
    assert set(Identity.objects.values_list("identifier", flat=True)) == {"ok", "text", "last"}


def test_an_empty_patch_only_makes_the_identity():
    (row,) = apply_patches([patch("ada")])

    assert row["traits"] == {}
    assert Identity.objects.filter(pk=row["id"]).exists()


def test_reading_makes_nothing():
    assert read_identity(ENVIRONMENT, "ada") is None
    apply_patches([patch("ada", set={"a": 1})])

    row = read_identity(ENVIRONMENT, "ada")

    assert row["traits"] == {"a": 1}
    assert row["numbers"] == {"a": 1}
    assert Identity.objects.count() == 1


def test_traits_that_an_import_wrote_get_numbers():
    person = an_identity(traits={"imported": 1})

    row = read_identity(person.environment_id, person.identifier)

    assert row["numbers"] == {"imported": 1}


@pytest.mark.django_db(transaction=True)
def test_writers_of_different_keys_of_the_same_identities_lose_nothing():
    if connection.vendor == "sqlite":
        pytest.skip("tests share one SQLite connection; the data plane has its own writer there")
    people, writers, rounds = [f"p{number}" for number in range(5)], 4, 5
    failures: list[Exception] = []

    def write(writer: int) -> None:
        try:
            for number in range(rounds):
                order = people if (writer + number) % 2 else people[::-1]
                apply_patches([patch(name, set={f"k{writer}-{number}": number}) for name in order])
        except Exception as error:
            failures.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=write, args=[number]) for number in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert failures == []
    assert Identity.objects.count() == len(people)
    assert all(len(row.traits) == writers * rounds for row in Identity.objects.all())


def test_only_an_identity_that_is_not_stored_needs_leave_to_be_made():
    apply_patches([patch("ada")])

    known, new = apply_patches([patch("ada", set={"a": 1}), patch("eve")], may_create=lambda place: f"no {place}")

    assert known["traits"] == {"a": 1}
    assert new == {"error": "new", "reason": "no 1"}
    assert read_identity(7, "eve") is None
