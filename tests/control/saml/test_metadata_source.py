"""Metadata by its address: fetched, and fetched again."""

import ssl
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from burgee.control.kit import clock
from burgee.control.saml import metadata_source
from burgee.control.saml.models import SamlConfiguration
from tests.control.oauth.elsewhere import URL, Elsewhere, an_elsewhere, make_certificate
from tests.control.saml.asking import FRONTEND
from tests.control.saml.forge import metadata

PLACE = "/api/v1/auth/saml/configuration/"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory) -> Path:
    return make_certificate(tmp_path_factory.mktemp("idp"))


@pytest.fixture
def idp(certificate, settings, idp_keys) -> Iterator[Elsewhere]:
    with an_elsewhere(certificate) as running:
        settings.OUTBOUND_CONNECT = running.connect
        settings.OUTBOUND_TRUST = ssl.create_default_context(cafile=str(certificate))
        running.answers["/metadata"] = lambda _: (200, metadata(idp_keys).encode())
        yield running


@pytest.fixture
def by_address(idp, api, organisation) -> SamlConfiguration:
    body = {"organisation": organisation.pk, "name": "acme", "frontend_url": FRONTEND}
    made = api.post(PLACE, body | {"idp_metadata_url": f"{URL}/metadata"}, format="json")
    assert made.status_code == 201, made.content
    SamlConfiguration.objects.update(metadata_read_at=clock.now() - timedelta(days=1))
    return SamlConfiguration.objects.get()


def test_metadata_is_fetched_when_its_address_is_given(by_address, idp_keys) -> None:
    assert by_address.idp_metadata_xml == metadata(idp_keys)
    assert by_address.provider["certificates"] == [idp_keys.der]


def test_new_certificates_come_in_by_themselves(by_address, idp, idp_keys, other_keys) -> None:
    idp.answers["/metadata"] = lambda _: (200, metadata(idp_keys, other_keys).encode())

    metadata_source.refresh_all()

    by_address.refresh_from_db()
    assert by_address.provider["certificates"] == [idp_keys.der, other_keys.der]
    assert by_address.metadata_problem is None
    metadata_source.refresh_all()
    assert len(idp.asked) == 2


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ((500, b""), "500"),
        ((302, b""), "302"),
        ((200, b"<x/>"), "one identity provider"),
        ((200, b"x" * 600_000), "bytes"),
    ],
)
def test_what_cannot_be_read_again_changes_nothing(answer, words, by_address, idp) -> None:
    idp.answers["/metadata"] = lambda _: answer

    metadata_source.refresh_all()

    before = by_address.provider
    by_address.refresh_from_db()
    assert by_address.provider == before
    assert words in by_address.metadata_problem


def test_another_identity_provider_never_comes_in_by_itself(by_address, idp, other_keys) -> None:
    evil = metadata(other_keys, issuer="https://evil.example")
    idp.answers["/metadata"] = lambda _: (200, evil.encode())

    metadata_source.refresh_all()

    before = by_address.provider
    by_address.refresh_from_db()
    assert by_address.provider == before
    assert "another identity provider" in by_address.metadata_problem


@pytest.mark.database
def test_metadata_of_the_size_that_active_directory_writes_is_read(by_address, idp, idp_keys) -> None:
    large = metadata(idp_keys) + "<!--" + "x" * 200_000 + "-->"
    idp.answers["/metadata"] = lambda _: (200, large.encode())

    metadata_source.refresh_all()

    by_address.refresh_from_db()
    assert by_address.metadata_problem is None
    assert len(by_address.idp_metadata_xml) > 200_000


@pytest.mark.database
def test_an_administrator_reads_it_again_at_once(by_address, idp, idp_keys, other_keys, api) -> None:
    SamlConfiguration.objects.update(metadata_read_at=clock.now())
    idp.answers["/metadata"] = lambda _: (200, metadata(idp_keys, other_keys).encode())

    told = api.post(f"{PLACE}acme/read-metadata/")

    assert (told.status_code, told.json()["metadata_problem"]) == (200, None)
    by_address.refresh_from_db()
    assert by_address.provider["certificates"] == [idp_keys.der, other_keys.der]
    idp.answers["/metadata"] = lambda _: (503, b"")
    assert "answers 503" in api.post(f"{PLACE}acme/read-metadata/").json()["metadata_problem"]


@pytest.mark.database
def test_what_came_as_a_file_cannot_be_read_again(by_address, api) -> None:
    SamlConfiguration.objects.update(idp_metadata_url=None)

    told = api.post(f"{PLACE}acme/read-metadata/")

    assert (told.status_code, "idp_metadata_url" in told.json()) == (400, True)
