"""Who comes in by SAML, and as whom."""

import base64
from datetime import timedelta
from urllib.parse import parse_qs, unquote_plus, urlsplit

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from rest_framework.test import APIClient

from burgee.control.accounts.models import SecondFactor, User
from burgee.control.kit import clock
from burgee.control.saml.models import SamlConfiguration, SpentAssertion
from burgee.control.saml.sign_in import forget_spent
from burgee.control.sso.handover import collect
from burgee.control.sso.models import Link
from burgee.control.sso.people import Method
from tests.control.saml.asking import a_request
from tests.control.saml.forge import encrypt, sign, signed
from tests.factories.accounts import a_token, a_user
from tests.factories.organisations import a_member, an_organisation


def test_a_new_person_becomes_a_member(answer, idp_keys, bring, enter, organisation) -> None:
    told = enter(bring(signed(answer, idp_keys)))

    assert told.status_code == 200
    assert set(told.json()) == {"key"}
    person = User.objects.get(email="grace@acme.example")
    assert person.auth_type == "SAML"
    assert person.memberships.get().organisation == organisation


@pytest.mark.parametrize(("response", "assertion"), [(True, True), (True, False), (False, True)])
@pytest.mark.parametrize("encrypted", [False, True])
def test_either_signature_is_enough(answer, idp_keys, bring, enter, connection, response, assertion, encrypted) -> None:
    tree = signed(answer, idp_keys, assertion=assertion)
    if encrypted:
        encrypt(tree, connection.certificate)
    if response:
        sign(tree, idp_keys)

    assert enter(bring(tree)).status_code == 200


def test_a_known_person_comes_again_as_the_same(answer, idp_keys, bring, enter, anybody) -> None:
    enter(bring(signed(answer, idp_keys)))
    again = answer.but(assertion_id="_a2", in_response_to=a_request(anybody, "acme"))

    moved = again.but(attributes={"mail": ["hopper@acme.example"]})

    assert enter(bring(signed(moved, idp_keys))).status_code == 200
    assert User.objects.filter(auth_type="SAML").count() == 1


def test_groups_come_from_their_external_ids(answer, idp_keys, bring, enter, api, organisation) -> None:
    made = api.post(
        f"/api/v1/organisations/{organisation.pk}/groups/", {"name": "Team", "external_id": "t-1"}, format="json"
    )
    assert made.status_code == 201, made.content

    enter(bring(signed(answer.but(attributes={"mail": ["g@acme.example"], "groups": ["t-1", "t-2"]}), idp_keys)))

    person = User.objects.get(email="g@acme.example")
    assert [membership.group.name for membership in person.group_memberships.all()] == ["Team"]
    assert organisation.groups.count() == 1


def test_sign_in_begun_at_the_provider_is_a_switch(answer, idp_keys, bring, enter, connection) -> None:
    connection.allow_idp_initiated = True
    connection.save()

    assert enter(bring(signed(answer.but(in_response_to=None), idp_keys))).status_code == 200


def test_even_then_an_answer_to_somebody_elses_request_is_refused(answer, idp_keys, bring, connection) -> None:
    """Taking the request's id off the envelope does not make it one that nobody asked for."""
    connection.allow_idp_initiated = True
    connection.save()
    tree = signed(answer, idp_keys)
    del tree.attrib["InResponseTo"]

    assert bring(tree).status_code == 401


def test_clocks_may_differ_a_little(answer, idp_keys, bring) -> None:
    late = answer.but(not_after=-30, confirmed_until=30, not_before=30)

    assert bring(signed(late, idp_keys)).status_code == 200


@pytest.mark.parametrize(
    ("relay_state", "following"),
    [
        ("https://flags.example/project/1", "/project/1"),
        ("https://flags.example/project/1?a=b", "/project/1?a=b"),
        ("https://flags.example", None),
        ("https://evil.example/", None),
        ("https://flags.example.evil.example/", None),
        ("https://flags.example@evil.example/", None),
        ("https://flags.example//evil.example/", None),
        ("https://flags.example/\\evil.example", None),
        ("http://flags.example/x", None),
        ("//evil.example", None),
        ("/project/1", None),
        ("javascript:alert(1)", None),
        ("https://[", None),
        ("https://flags.example/\r\nSet-Cookie: x", None),
        ("", None),
    ],
)
def test_nobody_is_led_away_from_the_dashboard(relay_state, following, answer, idp_keys, bring) -> None:
    place = bring(signed(answer, idp_keys), RelayState=relay_state).json()["url"]

    assert place.startswith("https://flags.example/saml?code=")
    assert parse_qs(urlsplit(place).query).get("next", [None]) == [following]


def test_a_browser_is_sent_on_and_alone_may_use_the_code(answer, idp_keys, bring, anybody) -> None:
    brought = bring(signed(answer, idp_keys), query="")

    assert brought.status_code == 302
    assert brought["Cache-Control"] == "no-store"
    body = {"access_token": parse_qs(urlsplit(brought["Location"]).query)["code"][0]}
    assert APIClient().post("/api/v1/auth/saml/login/", body, format="json").status_code == 401
    assert anybody.post("/api/v1/auth/saml/login/", body, format="json").status_code == 200


def test_a_browser_that_is_refused_sees_why(answer, bring) -> None:
    refused = bring(answer.but(issuer="&lt;script&gt;").xml(), query="")

    assert refused.status_code == 401
    assert refused["Content-Type"].startswith("text/html")
    assert b"(Issuer)" in refused.content
    assert b"https://flags.example" in refused.content
    assert "default-src 'none'" in refused["Content-Security-Policy"]


def test_a_browser_can_be_sent_to_the_provider_at_once(anybody, connection) -> None:
    sent = anybody.post("/api/v1/auth/saml/acme/request/?format=html")

    assert sent.status_code == 303
    assert sent["Location"].startswith("https://idp.example/sso?tenant=1&app=2&SAMLRequest=")


def test_our_requests_are_signed_with_our_key(anybody, connection) -> None:
    url = anybody.post("/api/v1/auth/saml/acme/request/").json()["headers"]["Location"]

    text, _, written = url.partition("&app=2&")[2].partition("&Signature=")
    key = x509.load_pem_x509_certificate(connection.certificate.encode()).public_key()
    key.verify(base64.b64decode(unquote_plus(written)), text.encode(), padding.PKCS1v15(), hashes.SHA256())


def test_the_page_for_signing_in_shows_that_there_is_saml(anybody, connection) -> None:
    found = anybody.get("/api/v1/auth/methods/").json()

    assert [door for door in found if door["method"] == "saml"] == [
        {"method": "saml", "key": "saml", "name": "Single sign-on (SAML)", "start_url": None, "client_id": None}
    ]


def test_a_second_factor_at_the_provider_is_told(answer, idp_keys, bring) -> None:
    told = bring(signed(answer.but(context="https://refeds.org/profile/mfa"), idp_keys)).json()

    assert collect(told["url"].rpartition("code=")[2], Method.SAML).person.has_second_factor


def test_an_account_with_a_second_factor_is_asked_for_it(answer, idp_keys, bring, enter, organisation) -> None:
    grace = a_user("grace@acme.example")
    a_member(organisation, grace)
    SecondFactor.objects.create(user=grace, ciphertext="x", confirmed_at=clock.now())

    told = enter(bring(signed(answer, idp_keys)))

    assert told.status_code == 200
    assert set(told.json()) == {"ephemeral_token", "method"}


def test_deleted_organisations_let_nobody_in(answer, idp_keys, bring, organisation) -> None:
    organisation.deleted_at = clock.now()
    organisation.save()

    assert bring(signed(answer, idp_keys)).status_code == 404


def test_spent_assertions_are_forgotten_when_they_could_not_be_used(answer, idp_keys, bring) -> None:
    bring(signed(answer, idp_keys))
    forget_spent()
    assert SpentAssertion.objects.count() == 1

    SpentAssertion.objects.update(expires_at=clock.now() - timedelta(seconds=1))
    forget_spent()
    assert not SpentAssertion.objects.exists()


def test_somebody_signed_in_can_link_their_account(answer, idp_keys, bring, enter, anybody) -> None:
    """Even one that this connection may not open by its address."""
    grace = a_user("grace@elsewhere.example", password="correct-horse-battery")
    a_member(an_organisation(), grace)
    code = bring(signed(answer, idp_keys)).json()["url"].rpartition("code=")[2]
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {a_token(grace)}")
    body = {"method": "saml", "code": code, "current_password": "correct-horse-battery"}

    linked = client.post("/api/v1/auth/links/", body, format="json", headers={"burgee-session": "cookie"})

    assert linked.status_code == 201, linked.content
    # What an answer calls a key here is the source, no token for the cookie.
    assert (linked.json()["key"], dict(linked.cookies)) == (Link.objects.get().source_key, {})
    again = answer.but(assertion_id="_a2", in_response_to=a_request(anybody, "acme"))
    assert enter(bring(signed(again, idp_keys))).status_code == 200
    assert not User.objects.filter(auth_type="SAML").exists()


def test_with_a_key_that_nobody_can_read_any_more_it_is_said_what_to_do(connection, anybody) -> None:
    SamlConfiguration.objects.update(ciphertext="under another key")

    told = anybody.post("/api/v1/auth/saml/acme/request/")

    assert told.status_code == 409
    assert "has to replace it" in told.content.decode()
