"""Answers that must not let anybody in, each with words that say why."""

import base64
from collections.abc import Callable

import pytest
import xmlsec
from lxml import etree

from burgee.control.accounts.models import User
from burgee.control.kit.actor import SYSTEM
from burgee.control.saml.configurations import create_configuration
from burgee.control.saml.models import SpentAssertion
from tests.control.saml.forge import Answer, Keys, encrypt, find, metadata, posted, sign, signed, text
from tests.factories.accounts import a_user
from tests.factories.organisations import a_member, an_organisation

SHA1 = "http://www.w3.org/2000/09/xmldsig#sha1"

UNTRUE: dict[str, tuple[dict, str]] = {
    "for another service": ({"audience": "https://other.example"}, "Audience"),
    "for nobody in particular": ({"audience": None}, "Audience"),
    "for a service whose name begins like ours": ({"audience": "PREFIX"}, "Audience"),
    "at another address": ({"recipient": "https://evil.example/", "destination": None}, "Recipient"),
    "at an address that contains ours": ({"recipient": "CONTAINED", "destination": None}, "Recipient"),
    "at no address": ({"recipient": None, "destination": None}, "Recipient"),
    "sent elsewhere": ({"destination": "https://evil.example/"}, "Destination"),
    "sent to an address that begins like ours": ({"destination": "LONGER"}, "Destination"),
    "sent to nowhere": ({"destination": " "}, "Destination"),
    "by another issuer": ({"issuer": "https://idp.evil.example"}, "Issuer"),
    "by nobody": ({"issuer": "", "response_issuer": None}, "Issuer"),
    "by one, sent by another": ({"response_issuer": "https://idp.evil.example"}, "Issuer"),
    "expired": ({"not_after": -120, "confirmed_until": -120}, "expired"),
    "its confirmation expired": ({"confirmed_until": -120}, "expired"),
    "its confirmation for ever": ({"confirmed_until": None}, "expired"),
    "not valid yet": ({"not_before": 3600}, "not valid yet"),
    "to be held by a key": ({"method": "urn:oasis:names:tc:SAML:2.0:cm:holder-of-key"}, "SubjectConfirmation"),
    "to another request": ({"in_response_to": "_somebody.else.asked"}, "InResponseTo"),
    "to another request than its envelope says": ({"confirmed_in_response_to": "_other"}, "InResponseTo"),
    "to no request, in an envelope that says so": ({"confirmed_in_response_to": None}, "InResponseTo"),
    "unasked": ({"in_response_to": None}, "nobody asked"),
    "that somebody failed": ({"status": "urn:oasis:names:tc:SAML:2.0:status:Requester"}, "Requester"),
    "without an address": ({"attributes": {"cn": ["Grace"]}}, "e-mail"),
    "with an address that is none": ({"attributes": {"mail": ["grace"]}}, "e-mail"),
    "of a NameID as address": ({"attributes": {}, "name_id": "grace@acme.example"}, "e-mail"),
}


@pytest.mark.parametrize("what", UNTRUE)
def test_a_signed_answer_must_be_for_us_and_for_now(what, answer, idp_keys, bring) -> None:
    changes, words = UNTRUE[what]
    telling = {
        "PREFIX": answer.audience[:-1],
        "CONTAINED": f"https://evil.example/?{answer.recipient}",
        "LONGER": f"{answer.recipient}x",
    }
    changes = {name: telling.get(value, value) if isinstance(value, str) else value for name, value in changes.items()}

    assert_refused(bring(signed(answer.but(**changes), idp_keys, response=True)), words)


UNSIGNED: dict[str, tuple[Callable[[Answer, Keys, Keys], object], str]] = {
    "not signed": (lambda answer, _, __: answer.xml(), "not signed"),
    "signed by somebody else": (lambda answer, _, other: signed(answer, other), "signature"),
    "response signed by somebody else": (
        lambda answer, good, other: sign_both(answer, inner=good, outer=other),
        "signature",
    ),
    "assertion signed by somebody else": (
        lambda answer, good, other: sign_both(answer, inner=other, outer=good),
        "signature",
    ),
    "signed with SHA-1": (lambda answer, keys, _: signed(answer, keys, method=xmlsec.Transform.RSA_SHA1), "sha1"),
    "digested with SHA-1": (lambda answer, keys, _: signed(answer, keys, digest=xmlsec.Transform.SHA1), "sha1"),
    "signed in another canonical form": (
        lambda answer, keys, _: signed(answer, keys, canonical=xmlsec.Transform.C14N),
        "not accepted",
    ),
    "transformed into another canonical form": (
        lambda answer, keys, _: signed(answer, keys, transforms=(xmlsec.Transform.ENVELOPED, xmlsec.Transform.C14N)),
        "not accepted",
    ),
    "transformed by a style sheet": (
        lambda answer, keys, _: with_transform(signed(answer, keys), "http://www.w3.org/TR/1999/REC-xslt-19991116"),
        "not accepted",
    ),
    "transformed by a path": (
        lambda answer, keys, _: with_transform(signed(answer, keys), "http://www.w3.org/TR/1999/REC-xpath-19991116"),
        "not accepted",
    ),
    "without the enveloped transformation": (
        lambda answer, keys, _: signed(answer, keys, transforms=(xmlsec.Transform.EXCL_C14N,)),
        "changes what it covers",
    ),
    "a signature over the whole document": (lambda answer, keys, _: signed(answer, keys, uri=""), "another element"),
    "signed with a keyed hash": (
        lambda answer, keys, _: with_method(signed(answer, keys), "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256"),
        "not accepted",
    ),
    "a signature with something in it": (
        lambda answer, keys, _: with_object(signed(answer, keys)),
        "more than a signature",
    ),
    "changed afterwards": (lambda answer, keys, _: with_address(signed(answer, keys), "eve@acme.example"), "signature"),
    "changed around the signed assertion": (
        lambda answer, keys, _: with_status(signed(answer, keys, response=True)),
        "signature",
    ),
}


@pytest.mark.parametrize("what", UNSIGNED)
def test_only_what_the_provider_signed_counts(what, answer, idp_keys, other_keys, bring) -> None:
    make, words = UNSIGNED[what]

    assert_refused(bring(make(answer, idp_keys, other_keys)), words)


UNREADABLE: dict[str, tuple[Callable[[str], str | bytes], str]] = {
    "document type": (lambda xml: f"<!DOCTYPE x>{xml}", "document types"),
    "entity bomb": (
        lambda xml: '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]>' + xml,
        "document types",
    ),
    "file of the server": (
        lambda xml: '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>' + xml.replace("u-1", "&f;"),
        "document types",
    ),
    "document type in UTF-16": (lambda xml: f"<!DOCTYPE x>{xml}".encode("utf-16"), "UTF-8"),
    "document type in UTF-7": (
        lambda xml: b'<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE x>' + xml.encode(),
        "well-formed",
    ),
    "null": (lambda xml: xml.replace("u-1", "u\x00"), "UTF-8"),
    "no UTF-8": (lambda xml: xml.encode().replace(b"u-1", b"\xff"), "UTF-8"),
    "no XML": (lambda _: "hello", "well-formed"),
    "half": (lambda xml: xml[:-20], "well-formed"),
    "empty": (lambda _: "", "well-formed"),
    "too large": (lambda xml: xml + " " * 300_000, "bytes"),
    "comment in the NameID": (lambda xml: xml.replace("u-1", "u<!-- -->-1"), "comments"),
    "comment in the address": (lambda xml: xml.replace("grace@", "grace@acme.example<!---->@"), "comments"),
    "processing instruction": (lambda xml: xml.replace("u-1", "u<?x y?>-1"), "comments"),
    "another document": (lambda _: "<html/>", "not one SAML response"),
    "deep": (lambda xml: xml.replace("u-1", "<a>" * 5000 + "</a>" * 5000), "well-formed"),
    "against the schema": (lambda xml: xml.replace('Version="2.0"', 'Version="2.0" Extra="1"', 1), "schema"),
}


@pytest.mark.parametrize("what", UNREADABLE)
def test_xml_that_does_more_than_say_something_is_refused(what, answer, idp_keys, bring) -> None:
    change, words = UNREADABLE[what]

    assert_refused(bring(posted(change(text(signed(answer, idp_keys))))), words)


@pytest.mark.parametrize("junk", ["", "%%%", "PHg+\x00", "é", "A" * 700_000])
def test_what_is_no_base64_is_refused(junk, bring, connection) -> None:
    assert_refused(bring(junk), "")


def test_an_answer_is_good_once(answer, idp_keys, bring, enter) -> None:
    tree = signed(answer, idp_keys)
    assert enter(bring(tree)).status_code == 200

    assert_refused(bring(tree), "used already", people=1)


def test_a_request_is_good_for_one_answer(answer, idp_keys, bring) -> None:
    assert bring(signed(answer, idp_keys)).status_code == 200

    again = bring(signed(answer.but(assertion_id="_a2"), idp_keys))

    assert again.status_code == 401
    assert SpentAssertion.objects.count() == 1


def test_an_answer_for_one_connection_opens_no_other(answer, idp_keys, bring, organisation) -> None:
    create_configuration(
        organisation, name="other", frontend_url="https://x.example", idp_metadata_xml=metadata(idp_keys), actor=SYSTEM
    )

    assert_refused(bring(signed(answer, idp_keys), name="other"), "address")


def test_a_code_is_good_once(answer, idp_keys, bring, anybody) -> None:
    code = bring(signed(answer, idp_keys)).json()["url"].rpartition("code=")[2]
    body = {"access_token": code}
    assert anybody.post("/api/v1/auth/saml/login/", body, format="json").status_code == 200

    for wrong in (body, {"access_token": "x"}, {"access_token": code[:-1]}):
        assert anybody.post("/api/v1/auth/saml/login/", wrong, format="json").status_code == 401


def test_one_whom_another_address_belongs_to_cannot_be_taken_over(answer, idp_keys, bring, enter, organisation) -> None:
    victim = a_user("victim@elsewhere.example")
    a_member(an_organisation(), victim)
    a_member(organisation, victim)

    entered = enter(bring(signed(answer.but(attributes={"mail": [victim.email]}), idp_keys)))

    assert entered.status_code == 403
    assert not victim.tokens.exists()


def test_encrypting_alone_proves_nothing(answer, connection, bring) -> None:
    assert_refused(bring(encrypt(answer.xml(), connection.certificate)), "not signed")


def test_what_is_encrypted_for_somebody_else_is_refused(answer, idp_keys, other_keys, bring) -> None:
    tree = encrypt(signed(answer, idp_keys), other_keys.certificate.decode())

    assert_refused(bring(tree), "cannot be decrypted")


def test_weak_encryption_is_refused(answer, idp_keys, connection, bring) -> None:
    tree = encrypt(signed(answer, idp_keys), connection.certificate, transport=xmlsec.Transform.RSA_PKCS1)

    assert_refused(bring(tree), "rsa-1_5")


def test_what_points_elsewhere_is_refused(answer, idp_keys, connection, bring) -> None:
    xml = text(encrypt(signed(answer, idp_keys), connection.certificate))
    for inside in (
        '<ds:RetrievalMethod xmlns:ds="http://www.w3.org/2000/09/xmldsig#" URI="file:///etc/passwd"/>',
        '<xenc:CipherReference xmlns:xenc="http://www.w3.org/2001/04/xmlenc#" URI="http://127.0.0.1/"/>',
    ):
        assert_refused(bring(posted(xml.replace("<xenc:EncryptedKey>", f"{inside}<xenc:EncryptedKey>"))), "elsewhere")


def assert_refused(brought, words: str, *, people: int = 0) -> None:
    assert brought.status_code == 401, brought.content
    assert words in brought.json()["detail"]
    assert User.objects.filter(auth_type="SAML").count() == people
    assert SpentAssertion.objects.count() == people


def sign_both(answer: Answer, *, inner: Keys, outer: Keys):
    tree = signed(answer, inner)
    sign(tree, outer)
    return tree


def with_transform(tree, algorithm: str):
    canonical = "http://www.w3.org/2001/10/xml-exc-c14n#"
    before, transforms, after = text(tree).partition("Transforms>")
    assert canonical in after
    return posted(before + transforms + after.replace(canonical, algorithm, 1))


def with_method(tree, algorithm: str):
    find(tree, ".//ds:SignatureMethod").set("Algorithm", algorithm)
    return tree


def with_object(tree):
    etree.SubElement(find(tree, ".//ds:Signature"), "{http://www.w3.org/2000/09/xmldsig#}Object")
    return tree


def with_address(tree, address: str):
    find(tree, ".//saml:AttributeValue").text = address
    return tree


def with_status(tree):
    tree.set("Destination", tree.get("Destination"))
    tree.set("Consent", "urn:oasis:names:tc:SAML:2.0:consent:obtained")
    return tree


def test_the_forge_can_make_good_ones(answer, idp_keys, bring) -> None:
    """Otherwise the tests above could pass for a wrong reason."""
    assert bring(posted(base64.b64decode(posted(signed(answer, idp_keys, response=True))))).status_code == 200
