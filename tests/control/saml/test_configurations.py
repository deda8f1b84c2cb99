"""Administrators connect their identity provider."""

import pytest
from lxml import etree
from rest_framework.test import APIClient

from burgee.control.audit.wording import lines_of
from burgee.control.events.models import Event
from burgee.control.events.publish import changes_of
from burgee.control.kit.saml_settings import SamlSettings
from burgee.control.kit.secrets import decrypt
from burgee.control.saml.configurations import configuration_named
from burgee.control.saml.models import SamlConfiguration
from tests.control.saml.asking import FRONTEND, request_in
from tests.control.saml.forge import Keys, encrypt, metadata, signed
from tests.factories.accounts import a_token, a_user
from tests.factories.organisations import a_member, an_organisation

PLACE = "/api/v1/auth/saml/configuration/"
MAPPINGS = "/api/v1/auth/saml/attribute-mapping/"


@pytest.fixture
def stranger():
    """An administrator of another organisation."""
    user = a_user()
    a_member(an_organisation(), user, "ADMIN")
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {a_token(user)}")
    return client


def test_a_configuration_is_made_found_and_taken_away(api, organisation, idp_keys) -> None:
    body = {"organisation": organisation.pk, "name": "acme", "frontend_url": FRONTEND}

    made = api.post(PLACE, body | {"idp_metadata_xml": metadata(idp_keys)}, format="json")

    assert made.status_code == 201, made.content
    told = made.json()
    assert told["organisation"] == organisation.pk
    assert told["allow_idp_initiated"] is False
    assert told["idp_entity_id"] == "https://idp.example/metadata"
    assert told["acs_url"] == f"{FRONTEND}/api/v1/auth/saml/acme/response/"
    assert "PRIVATE" not in made.content.decode()
    listed = api.get(f"{PLACE}?organisation={organisation.pk}").json()
    assert (listed["count"], listed["results"]) == (1, [told])
    assert api.get(f"{PLACE}acme/").json() == told
    assert api.delete(f"{PLACE}acme/").status_code == 204
    assert api.get(f"{PLACE}acme/").status_code == 404


def test_a_configuration_can_be_made_before_its_metadata_is_there(api, anybody, organisation, idp_keys) -> None:
    body = {"organisation": organisation.pk, "name": "acme", "frontend_url": FRONTEND, "idp_metadata_xml": None}
    assert api.post(PLACE, body, format="json").status_code == 201
    asked = anybody.post("/api/v1/auth/saml/acme/request/")
    assert (asked.status_code, "metadata" in asked.json()["detail"]) == (400, True)

    changed = api.patch(f"{PLACE}acme/", {"idp_metadata_xml": metadata(idp_keys)}, format="json")

    assert changed.status_code == 200
    assert anybody.post("/api/v1/auth/saml/acme/request/").status_code == 200


def test_the_private_key_is_stored_encrypted(connection) -> None:
    assert "PRIVATE" not in connection.ciphertext
    assert "PRIVATE KEY" in decrypt(connection.ciphertext)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": "a b"}, "name"),
        ({"name": "../x"}, "name"),
        ({"name": "acme\n"}, "name"),
        ({"name": "login"}, "name"),
        ({"name": "Configuration"}, "name"),
        ({"name": ""}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"name": "ACME"}, "name"),
        ({"frontend_url": "javascript:alert(1)"}, "frontend_url"),
        ({"frontend_url": "https://x.example/?a=b"}, "frontend_url"),
        ({"frontend_url": "https://user@x.example/"}, "frontend_url"),
        ({"frontend_url": "ftp://x.example/"}, "frontend_url"),
        ({"idp_metadata_xml": "hello"}, "idp_metadata_xml"),
        ({"idp_metadata_xml": "<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>"}, "idp_metadata_xml"),
        ({"idp_metadata_xml": "<x/>"}, "idp_metadata_xml"),
        ({"idp_metadata_url": "http://idp.example/metadata"}, "idp_metadata_url"),
        ({"idp_metadata_url": "https://127.0.0.1/metadata"}, "idp_metadata_url"),
        ({"idp_metadata_url": "https://169.254.169.254/latest"}, "idp_metadata_url"),
        ({"allow_idp_initiated": "perhaps"}, "allow_idp_initiated"),
    ],
)
def test_what_cannot_be_is_refused_with_the_field(changes, field, api, organisation, connection) -> None:
    body = {"organisation": organisation.pk, "name": "fresh", "frontend_url": FRONTEND} | changes

    refused = api.post(PLACE, body, format="json")

    assert refused.status_code == 400, refused.content
    assert list(refused.json()) == [field]
    assert SamlConfiguration.objects.count() == 1


SINGLE = "<md:SingleSignOnService"


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (lambda good: good.replace("IDPSSODescriptor", "SPSSODescriptor"), "one identity provider"),
        (lambda good: f'<m xmlns="urn:x">{good.partition("?>")[2]}{good.partition("?>")[2]}</m>', "one identity"),
        (lambda good: good.replace('entityID="https://idp.example/metadata"', 'entityID=" "'), "entityID"),
        (lambda good: good.replace("HTTP-Redirect", "SOAP"), "HTTP-Redirect"),
        (lambda good: good.replace("https://idp.example/sso", "javascript:alert(1)//"), "https address"),
        (lambda good: good.replace('use="signing"', 'use="encryption"'), "certificate"),
        (lambda good: good.replace("MII", "!!!", 1), "cannot be read"),
        (lambda good: good.replace("entityID=", 'validUntil="2020-01-01T00:00:00Z" entityID='), "valid until"),
        (lambda good: good.replace("entityID=", 'validUntil="soon" entityID='), "no time"),
        (lambda good: metadata(Keys(bits=1024)), "2048"),
        (lambda good: good + "<!--" + "x" * 600_000 + "-->", "bytes"),
    ],
)
def test_metadata_that_nobody_can_sign_in_with_is_refused(wrong, words, api, connection, idp_keys) -> None:
    refused = api.patch(f"{PLACE}acme/", {"idp_metadata_xml": wrong(metadata(idp_keys))}, format="json")

    assert refused.status_code == 400
    told = str(refused.json()["idp_metadata_xml"])
    assert words in told or "no more than" in told


def test_strangers_and_members_find_nothing(api, stranger, connection, organisation, anybody) -> None:
    mapping = api.post(MAPPINGS, a_mapping(connection), format="json").json()["id"]
    member = a_user()
    a_member(organisation, member)
    plain = APIClient()
    plain.credentials(HTTP_AUTHORIZATION=f"Token {a_token(member)}")
    for client, hidden in ((stranger, 404), (plain, 403)):
        for method, place, status in (
            ("get", f"{PLACE}?organisation={organisation.pk}", 403),
            ("get", f"{PLACE}?organisation=4242", 403),
            ("get", f"{PLACE}acme/", hidden),
            ("patch", f"{PLACE}acme/", hidden),
            ("put", f"{PLACE}acme/", hidden),
            ("delete", f"{PLACE}acme/", hidden),
            ("post", f"{PLACE}acme/next-key/", hidden),
            ("delete", f"{PLACE}acme/next-key/", hidden),
            ("post", f"{PLACE}acme/next-key/use/", hidden),
            ("post", f"{PLACE}acme/read-metadata/", hidden),
            ("get", f"{MAPPINGS}?organisation={organisation.pk}", 403),
            ("get", f"{MAPPINGS}?organisation=4242", 403),
            ("get", f"{MAPPINGS}{mapping}/", hidden),
            ("delete", f"{MAPPINGS}{mapping}/", hidden),
        ):
            assert getattr(client, method)(place).status_code == status, (method, place)
        body = {"organisation": organisation.pk, "name": "n", "frontend_url": FRONTEND}
        assert client.post(PLACE, body, format="json").status_code == 403
        assert client.post(MAPPINGS, a_mapping(connection), format="json").status_code == 400
        assert client.get(f"{MAPPINGS}?saml_configuration={connection.pk}").json()["count"] == 0
    assert anybody.get(f"{PLACE}acme/").status_code == 401
    assert api.get(PLACE).status_code == 400


def test_a_configuration_cannot_be_given_to_another_organisation(api, admin, connection) -> None:
    other = an_organisation()
    a_member(other, admin, "ADMIN")

    api.patch(f"{PLACE}acme/", {"organisation": other.pk}, format="json")

    connection.refresh_from_db()
    assert connection.organisation_id != other.pk


def test_mappings_are_made_changed_and_taken_away(api, connection) -> None:
    made = api.post(MAPPINGS, a_mapping(connection), format="json")
    assert made.status_code == 201
    number = made.json()["id"]
    assert made.json() == {"id": number} | a_mapping(connection)

    changed = api.patch(f"{MAPPINGS}{number}/", {"idp_attribute_name": "corp"}, format="json")

    assert changed.json()["idp_attribute_name"] == "corp"
    assert api.get(f"{MAPPINGS}?saml_configuration={connection.pk}").json()["results"] == [changed.json()]
    wrong = a_mapping(connection) | {"django_attribute_name": "is_superuser"}
    assert api.put(f"{MAPPINGS}{number}/", wrong, format="json").status_code == 400
    elsewhere = a_mapping(connection) | {"saml_configuration": connection.pk + 1}
    assert api.put(f"{MAPPINGS}{number}/", elsewhere, format="json").status_code == 400
    assert api.delete(f"{MAPPINGS}{number}/").status_code == 204


def test_lists_cost_the_same_with_many_rows(api, organisation, connection, django_assert_max_num_queries) -> None:
    for number in range(20):
        connection.mappings.create(field="groups", idp_attribute_name=f"g{number}")
    with django_assert_max_num_queries(8):
        assert api.get(MAPPINGS).json()["count"] == 20
    with django_assert_max_num_queries(8):
        api.get(f"{PLACE}?organisation={organisation.pk}")


def test_everything_done_to_a_configuration_stands_in_the_log(api, organisation, idp_keys) -> None:
    body = {"organisation": organisation.pk, "name": "acme", "frontend_url": FRONTEND}
    api.post(PLACE, body, format="json")
    api.patch(f"{PLACE}acme/", {"allow_idp_initiated": True}, format="json")
    api.patch(f"{PLACE}acme/", {"allow_idp_initiated": True}, format="json")
    api.post(f"{PLACE}acme/next-key/")
    api.post(MAPPINGS, a_mapping(configuration_named("acme")), format="json")
    api.delete(f"{PLACE}acme/")

    events = Event.objects.filter(type__startswith="saml_configuration.").order_by("id")
    assert [event.type.partition(".")[2] for event in events] == ["created", *["changed"] * 3, "deleted"]
    assert all(event.organisation_id == organisation.pk for event in events)
    for event in events:
        assert "PRIVATE" not in str(event.payload)
        assert "acme" in " ".join(line.log for line in lines_of(event.type, changes_of(event)))


def test_our_metadata_says_where_and_with_which_keys(anybody, api, connection) -> None:
    found = anybody.get("/api/v1/auth/saml/acme/metadata/")
    assert found["Content-Type"] == "application/samlmetadata+xml"
    root = etree.fromstring(found.content)
    assert root.get("entityID") == f"{FRONTEND}/api/v1/auth/saml/acme/metadata/"
    assert root.get("validUntil") is None
    service = root.find(".//{*}AssertionConsumerService")
    assert service.get("Location") == f"{FRONTEND}/api/v1/auth/saml/acme/response/"
    assert len(root.findall(".//{*}KeyDescriptor")) == 2

    api.post(f"{PLACE}acme/next-key/")

    assert anybody.get("/api/v1/auth/saml/acme/metadata/?format=xml").content.count(b"<ds:X509Certificate>") == 4
    told = anybody.get("/api/v1/auth/saml/acme/metadata/?format=json").json()
    assert told["acs_url"] == f"{FRONTEND}/api/v1/auth/saml/acme/response/"
    assert len(told["certificates"]) == 2
    assert anybody.get("/api/v1/auth/saml/nobody/metadata/").status_code == 404


def test_a_key_is_replaced_without_a_gap(api, connection, answer, idp_keys, bring) -> None:
    old = connection.certificate
    assert api.post(f"{PLACE}acme/next-key/use/").status_code == 409
    assert api.post(f"{PLACE}acme/next-key/").status_code == 201
    assert api.post(f"{PLACE}acme/next-key/").status_code == 409
    connection.refresh_from_db()
    new = connection.next_certificate

    for number, certificate in enumerate((old, new)):
        tree = signed(answer.but(assertion_id=f"_k{number}", in_response_to=answer.in_response_to), idp_keys)
        brought = bring(encrypt(tree, certificate))
        assert brought.status_code == (200 if number == 0 else 401)
        if number:
            assert "decrypted" not in brought.json()["detail"]  # the request was used; the key fitted

    assert api.post(f"{PLACE}acme/next-key/use/").status_code == 200
    connection.refresh_from_db()
    assert (connection.certificate, connection.next_certificate) == (new, None)
    tree = encrypt(signed(answer.but(assertion_id="_k3"), idp_keys), old)
    assert "decrypted" in bring(tree).json()["detail"]


def test_the_address_that_providers_are_told_can_be_forced_to_https(settings, anybody, connection) -> None:
    settings.PUBLIC_URL = "http://flags.example"
    settings.SAML = SamlSettings(force_ssl=True)

    told = anybody.post("/api/v1/auth/saml/acme/request/", HTTP_HOST="evil.example", HTTP_X_FORWARDED_PROTO="http")

    place = request_in(told.json()["url"]).get("AssertionConsumerServiceURL")
    assert place == "https://flags.example/api/v1/auth/saml/acme/response/"


def a_mapping(connection: SamlConfiguration) -> dict:
    return {
        "saml_configuration": connection.pk,
        "django_attribute_name": "email",
        "idp_attribute_name": "corporate_mail",
    }
