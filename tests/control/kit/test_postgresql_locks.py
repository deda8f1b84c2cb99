"""What locks of PostgreSQL hold up, and what they do not."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import DatabaseError, connection, connections, transaction

from burgee.control.projects.models import Project
from tests.factories.features import a_tag
from tests.factories.projects import a_project

pytestmark = [
    pytest.mark.database,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="only PostgreSQL tells keys from rows"),
]


def beside(what):
    """The outcome of `what` on a connection of its own, while the locks of this one are held."""

    def run():
        try:
            connection.cursor().execute("SET lock_timeout = '30s'")
            return what()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(run).result()


def test_a_row_may_refer_to_one_that_is_locked():
    project = a_project()

    with transaction.atomic():
        Project.objects.select_for_update().get(pk=project.pk)
        tag = beside(lambda: a_tag(project))

    assert project.tags.get() == tag


def test_nobody_else_may_lock_it_as_well():
    project = a_project()

    def lock():
        with transaction.atomic():
            Project.objects.select_for_update(nowait=True).get(pk=project.pk)

    with transaction.atomic():
        Project.objects.select_for_update().get(pk=project.pk)
        with pytest.raises(DatabaseError, match="could not obtain lock"):
            beside(lock)
