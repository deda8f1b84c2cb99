"""The same person arrives several times at one moment."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from burgee.control.accounts.models import Token, User
from burgee.control.organisations.models import GroupMembership, Membership, UserGroup
from burgee.control.sso.arrivals import Entry
from burgee.control.sso.models import Bond, Link
from tests.control.sso.sources import come, of, of_server
from tests.factories.organisations import an_organisation

PEOPLE = 4

pytestmark = [
    pytest.mark.database,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("readers_hold_up_nobody"),
]


def all_at_once(source, **facts) -> list[Entry]:
    together = threading.Barrier(PEOPLE)

    def arrive(_: int) -> Entry:
        try:
            together.wait(timeout=10)
            return come(source, **facts)
        finally:
            connection.close()

    with ThreadPoolExecutor(PEOPLE) as pool:
        return list(pool.map(arrive, range(PEOPLE)))


@pytest.mark.parametrize("is_of_server", [True, False])
def test_they_are_one_account(is_of_server):
    organisation = an_organisation()
    group = UserGroup.objects.create(organisation=organisation, name="developers", is_default=True)
    source = of_server(default_organisation_id=organisation.pk) if is_of_server else of(organisation)

    entries = all_at_once(source)

    assert len({entry.user_id for entry in entries}) == 1
    assert sorted(entry.is_new for entry in entries) == [False] * (PEOPLE - 1) + [True]
    rows = (User, Link, Membership, GroupMembership)
    assert [model.objects.count() for model in rows] == [1, 1, 1, 1]
    assert Bond.objects.count() == (0 if is_of_server else 1)
    assert Token.objects.count() == PEOPLE
    assert group.memberships.count() == 1
