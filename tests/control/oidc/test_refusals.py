"""Identity tokens and answers that prove nothing: each lets nobody in, and none is an error of ours."""

import base64
import hashlib
import json

import jwt
import pytest

from burgee.control.accounts.models import User
from tests.control.oauth.elsewhere import ISSUER, URL, ec_key, public_pem, rsa_key
from tests.control.oidc.issuer import ACCESS_TOKEN, begun, came_back, refused, signed_in

WRONG = {
    "nonce of another sign-in": {"nonce": "other"},
    "no nonce": {"nonce": None},
    "nonce that is no text": {"nonce": 7},
    "other audience": {"aud": "other"},
    "several audiences, nobody asked": {"aud": ["burgee", "other"]},
    "asked for by another": {"aud": ["burgee", "other"], "azp": "other"},
    "asked for by another, one audience": {"azp": "other"},
    "other issuer": {"iss": f"{URL}/other"},
    "issuer with a slash more": {"iss": f"{ISSUER}/"},
    "expired": {"exp": 1_700_000_000},
    "never expires": {"exp": None},
    "no time": {"iat": None},
    "of the future": {"nbf": 4_000_000_000},
    "nobody": {"sub": None},
    "nobody's name": {"sub": ""},
    "a number": {"sub": 7},
    "endless name": {"sub": "x" * 256},
    "hash of another access token": {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"},
    "hash that is no text": {"at_hash": ["x"]},
    "unverified": {"email_verified": False},
    "unverified in words": {"email_verified": "false"},
    "verified as a number": {"email_verified": 1},
    "no address": {"email": None},
    "address that is none": {"email": "grace"},
    "address of two lines": {"email": "grace@acme.example\nbcc: x"},
    "address in a list": {"email": ["grace@acme.example"]},
}


@pytest.mark.parametrize("claims", WRONG.values(), ids=WRONG.keys())
def test_an_identity_token_that_is_wrong_lets_nobody_in(browser, issuer, claims):
    issuer.claims |= claims

    assert refused(browser, issuer)
    assert not User.objects.filter(auth_type="OIDC").exists()


def test_the_hash_of_the_access_token_is_checked_and_right_ones_pass(browser, issuer):
    digest = hashlib.sha256(ACCESS_TOKEN.encode()).digest()[:16]
    issuer.claims["at_hash"] = base64.urlsafe_b64encode(digest).decode().rstrip("=")

    assert signed_in(browser, issuer).status_code == 200


def unsigned(claims: dict) -> str:
    def part(facts: dict) -> str:
        return base64.urlsafe_b64encode(json.dumps(facts).encode()).decode().rstrip("=")

    return f"{part({'alg': 'none', 'typ': 'JWT'})}.{part(claims)}."


FORGED = {
    "alg none": lambda token, _: unsigned(jwt.decode(token, options={"verify_signature": False})),
    "no signature": lambda token, _: token.rpartition(".")[0] + ".",
    "public key as shared secret": lambda token, key: jwt.api_jws.PyJWS().encode(
        json.dumps(jwt.decode(token, options={"verify_signature": False})).encode(),
        hashlib.sha256(public_pem(key)).hexdigest(),
        algorithm="HS256",
        headers={"kid": "one"},
    ),
    "another key": lambda token, _: jwt.encode(
        jwt.decode(token, options={"verify_signature": False}), rsa_key(2), algorithm="RS256", headers={"kid": "one"}
    ),
    "another kind of key": lambda token, _: jwt.encode(
        jwt.decode(token, options={"verify_signature": False}), ec_key(), algorithm="ES256", headers={"kid": "one"}
    ),
    "no token": lambda _, __: "x.y.z",
    "a long one": lambda token, _: token + "x" * 20_000,
    "a number": lambda _, __: 7,
    "nothing": lambda _, __: None,
}


@pytest.mark.parametrize("forge", FORGED.values(), ids=FORGED.keys())
def test_a_token_that_the_issuer_did_not_sign_lets_nobody_in(browser, issuer, forge):
    query = begun(browser, issuer)
    issuer.answer["id_token"] = forge(issuer.id_token(), issuer.elsewhere.keys["one"])

    assert came_back(browser, query)["error"] == "sign_in_refused"


BAD_ANSWERS = {
    "no JSON": b"<html>",
    "a list": b"[]",
    "nothing": b"",
    "an error": b'{"error": "invalid_client"}',
    "an error that is no text": b'{"error": {"x": 1}}',
    "deep": b"[" * 100_000,
    "no tokens": b"{}",
}


@pytest.mark.parametrize("body", BAD_ANSWERS.values(), ids=BAD_ANSWERS.keys())
@pytest.mark.parametrize("status", [200, 400, 500])
def test_an_issuer_that_talks_nonsense_is_no_error_of_ours(browser, issuer, body, status):
    query = begun(browser, issuer)
    issuer.elsewhere.answers["/issuer/token"] = lambda _: (status, body)

    assert came_back(browser, query)["error"] == "sign_in_refused"
