import pytest

from burgee.control.kit.actor import SYSTEM
from burgee.control.scim.tokens import switch_on
from tests.control.scim.directory import Directory
from tests.factories.accounts import a_user
from tests.factories.organisations import a_member, an_organisation


@pytest.fixture
def acme(db):
    return an_organisation(name="Acme")


@pytest.fixture
def ada(acme):
    """Its administrator, with an account of her own."""
    user = a_user("ada@example.com")
    a_member(acme, user, "ADMIN")
    return user


@pytest.fixture
def directory(acme, ada) -> Directory:
    return Directory(switch_on(acme, actor=SYSTEM)[1])


@pytest.fixture
def elsewhere(db):
    """Another organisation."""
    return an_organisation(name="Elsewhere")


@pytest.fixture
def other_directory(elsewhere) -> Directory:
    a_member(elsewhere, a_user("eve@example.com"), "ADMIN")
    return Directory(switch_on(elsewhere, actor=SYSTEM)[1])
