import pytest
from rest_framework.test import APIClient

from burgee.control.api.base.throttling import CodeThrottle, InviteThrottle, LoginThrottle, SignUpThrottle
from tests.control.sso.sources import with_key
from tests.factories.accounts import a_token, a_user
from tests.factories.organisations import a_member, an_organisation


@pytest.fixture(autouse=True)
def _fresh(db) -> None:
    for throttle in (LoginThrottle, SignUpThrottle, CodeThrottle, InviteThrottle):
        throttle.forget()


@pytest.fixture
def acme():
    return an_organisation(name="Acme")


@pytest.fixture
def other():
    return an_organisation(name="Other")


@pytest.fixture
def ada(acme):
    """An administrator who came by password; somebody is always there, so the rules of signing up apply."""
    user = a_user("ada@example.com", "a-long-password-1")
    a_member(acme, user, "ADMIN")
    return user


@pytest.fixture
def api(ada) -> APIClient:
    return with_key(a_token(ada))


@pytest.fixture
def anybody() -> APIClient:
    return APIClient()
