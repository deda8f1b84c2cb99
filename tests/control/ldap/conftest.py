from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from rest_framework.test import APIClient

from burgee.control.api.base.throttling import LoginThrottle
from burgee.control.kit.ldap_settings import LdapSettings
from tests.control.ldap.certificates import Authority
from tests.factories.organisations import an_organisation
from tests.services.slapd import PEOPLE, Slapd, running_slapd

LOGIN = "/api/v1/auth/login/"


@pytest.fixture(autouse=True)
def _fresh(db) -> None:
    LoginThrottle.forget()


@pytest.fixture(scope="session")
def tls(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("tls")
    authority = Authority("Acme authority")
    authority.write(folder / "ca.pem")
    authority.write_server(folder / "server.pem", "localhost")
    Authority("Somebody else").write(folder / "other-ca.pem")
    return folder


@pytest.fixture(scope="session")
def running(tls) -> Iterator[Slapd]:
    with running_slapd(tls) as directory:
        yield directory


@pytest.fixture
def directory(running) -> Slapd:
    """The tree with Grace in it."""
    running.empty()
    person(running, "grace", "correct horse")
    return running


@pytest.fixture
def organisation():
    return an_organisation(name="Acme")


@pytest.fixture
def configured(directory, organisation, settings):
    """Change what the operator says: ``configured(use_tls=True)``."""

    def change(**facts) -> None:
        settings.LDAP = msgspec.structs.replace(settings.LDAP, **facts)

    settings.LDAP = LdapSettings(
        url=directory.url, search_base=PEOPLE, organisation_id=organisation.pk, connect_timeout=2, receive_timeout=2
    )
    return change


@pytest.fixture
def login(configured):
    def attempt(name: str, password: str):
        return APIClient().post(LOGIN, {"email": name, "password": password}, format="json")

    return attempt


def person(directory: Slapd, uid: str, password: str, *, place: str = PEOPLE, **attributes) -> str:
    facts = {
        "uid": uid,
        "cn": uid.title(),
        "sn": "Hopper",
        "givenName": uid.title(),
        "mail": f"{uid}@acme.example",
        "userPassword": password,
    }
    from ldap3.utils.dn import escape_rdn

    return directory.add(f"uid={escape_rdn(uid)},{place}", "inetOrgPerson", **(facts | attributes))


@pytest.fixture
def anybody_gets():
    return APIClient().get
