"""Of many who set up an empty server at the same moment, one becomes its administrator."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import OperationalError, connections

from burgee.control.accounts.errors import NotTheFirstUser
from burgee.control.accounts.models import User
from burgee.control.accounts.services import sign_up

PEOPLE = 6


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_one_of_many_becomes_superuser():
    together = threading.Barrier(PEOPLE)

    def ask(number: int) -> bool:
        together.wait(timeout=30)
        try:
            sign_up(f"p{number}@example.com", "Correct-Horse-9-Battery", superuser=True)
        except (NotTheFirstUser, OperationalError):
            return False
        else:
            return True
        finally:
            connections.close_all()

    with ThreadPoolExecutor(PEOPLE) as pool:
        won = list(pool.map(ask, range(PEOPLE)))

    assert won.count(True) == 1
    assert User.objects.get().is_superuser is True
