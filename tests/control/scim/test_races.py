"""A directory asks several things at one moment."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from burgee.control.accounts.models import User

TOGETHER = 4

pytestmark = [
    pytest.mark.database,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("readers_hold_up_nobody"),
]


def all_at_once(ask: Callable[[int], Any]) -> list[int]:
    together = threading.Barrier(TOGETHER)

    def one(number: int) -> int:
        try:
            together.wait(timeout=30)
            return ask(number).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(TOGETHER) as pool:
        return sorted(pool.map(one, range(TOGETHER)))


def test_somebody_is_made_once(directory):
    assert all_at_once(lambda _: directory.add("grace@example.com")) == [201, 409, 409, 409]
    assert User.objects.filter(email="grace@example.com").count() == 1


def test_no_change_of_a_group_is_lost(directory):
    people = [directory.added(f"p{number}@example.com")["id"] for number in range(TOGETHER)]
    place = f"Groups/{directory.add_group('Devs').json()['id']}"

    def join(number):
        return directory.patch(place, {"op": "add", "path": "members", "value": [{"value": people[number]}]})

    assert all_at_once(join) == [204] * TOGETHER
    assert {member["value"] for member in directory.get(place).json()["members"]} == set(people)


def test_of_several_with_one_version_one_changes_it(directory):
    told = directory.added("grace@example.com")
    version = {"If-Match": told["meta"]["version"]}

    def rename(number):
        step = {"op": "replace", "path": "displayName", "value": f"Grace {number}"}
        return directory.patch(f"Users/{told['id']}", step, headers=version)

    assert all_at_once(rename) == [204, 412, 412, 412]
