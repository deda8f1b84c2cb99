"""A machine shows a token of its issuer, a real server here, and gets one that acts with the trust's permissions."""

import base64
import hashlib
import hmac
import json
import threading
import time
from contextlib import suppress

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from burgee.control.access.grants import Entry, grant
from burgee.control.access.roles import create_role, give_role
from burgee.control.events.models import Event
from burgee.control.federation.bearers import ALGORITHM, mint
from burgee.control.federation.claims import Rule, all_match, is_like
from burgee.control.federation.issuers import IssuerKeys, IssuerSilent
from burgee.control.federation.models import TrustRelationship
from burgee.control.federation.trust import change_trust, end_trust, trust
from burgee.control.kit.actor import SYSTEM
from tests.control.oauth.elsewhere import ISSUER, URL, ec_key, public_pem, rsa_key
from tests.control.oauth.flow import bearer
from tests.factories.projects import a_project

EXCHANGE = "/api/v1/auth/oidc/token/"


def trusted(organisation, *, is_admin=True, rules=(), audience="burgee") -> TrustRelationship:
    stored = [{"claim": claim, "values": list(values)} for claim, values in rules]
    return trust(
        organisation, name="CI", issuer=ISSUER, audience=audience, claim_rules=stored, is_admin=is_admin, actor=SYSTEM
    )


@pytest.fixture
def relationship(organisation) -> TrustRelationship:
    return trusted(organisation, rules=[("sub", ["repo:acme/*"])])


@pytest.fixture
def exchanged(anybody):
    return lambda token: anybody.post(EXCHANGE, {"token": token}, format="json")


def part(facts: dict) -> str:
    return base64.urlsafe_b64encode(json.dumps(facts).encode()).decode().rstrip("=")


def test_a_machine_gets_a_token_for_an_hour_and_acts_as_the_trust(exchanged, elsewhere, relationship, organisation):
    answer = exchanged(elsewhere.token())

    told = answer.json()
    assert (answer.status_code, told["token_type"], told["expires_in"]) == (200, "Bearer", 3600)
    machine = bearer(told["access_token"])
    made = machine.post("/api/v1/projects/", {"name": "Shop", "organisation": organisation.pk}, format="json")
    assert made.status_code == 201
    event = Event.objects.get(type="project.created")
    assert (event.actor_kind, event.actor_id, event.actor_label) == ("api_key", relationship.api_key_id, "CI")
    used = Event.objects.get(type="trust_relationship.token_issued")
    assert used.payload["changes"][0]["after"] == {"name": "CI", "subject": "repo:acme/shop"}
    assert told["access_token"] not in str(list(Event.objects.values_list("payload", flat=True)))


def test_roles_of_the_key_are_all_that_a_plain_trust_may_do(exchanged, elsewhere, organisation):
    relationship = trusted(organisation, is_admin=False)
    shop, _hidden = a_project(organisation), a_project(organisation)
    role = create_role(organisation, "Reader", actor=SYSTEM)
    grant(role, shop, entries=[Entry("VIEW_PROJECT")], actor=SYSTEM)
    machine = bearer(exchanged(elsewhere.token()).json()["access_token"])
    assert machine.get("/api/v1/projects/").json() == []

    give_role(role, relationship.api_key, actor=SYSTEM)

    assert [row["id"] for row in machine.get("/api/v1/projects/").json()] == [shop.pk]
    assert machine.get(f"/api/v1/organisations/{organisation.pk}/").status_code == 403


def test_a_machine_manages_neither_trust_nor_keys_nor_consent(exchanged, elsewhere, relationship, organisation):
    machine = bearer(exchanged(elsewhere.token()).json()["access_token"])

    for path in ("trust-relationships", "master-api-keys"):
        assert machine.get(f"/api/v1/organisations/{organisation.pk}/{path}/").status_code == 403
    assert machine.get("/api/v1/oauth/authorize/").status_code == 403
    assert machine.get("/api/v1/auth/users/me/").status_code == 400


@pytest.mark.parametrize("ending", ["deleted", "organisation", "rules", "audience"])
def test_a_token_ends_with_the_trust_and_with_its_terms(exchanged, elsewhere, relationship, organisation, ending):
    machine = bearer(exchanged(elsewhere.token()).json()["access_token"])
    assert machine.get("/api/v1/projects/").status_code == 200

    if ending == "deleted":
        end_trust(relationship, actor=SYSTEM)
    elif ending == "organisation":
        organisation.deleted_at = relationship.created_at
        organisation.save()
    elif ending == "rules":
        change_trust(relationship, claim_rules=[{"claim": "sub", "values": ["repo:other/*"]}], actor=SYSTEM)
    else:
        change_trust(relationship, audience="other", actor=SYSTEM)

    assert machine.get("/api/v1/projects/").status_code == 401


def test_renaming_a_trust_ends_no_token(exchanged, elsewhere, relationship):
    machine = bearer(exchanged(elsewhere.token()).json()["access_token"])

    change_trust(relationship, name="Deployments", actor=SYSTEM)

    assert machine.get("/api/v1/projects/").status_code == 200


@pytest.mark.parametrize("change", [{"exp": 1}, {"token_type": "x"}, {"trust_relationship_id": "1"}, {"terms": "x"}])
def test_a_bearer_of_ours_with_other_claims_opens_nothing(relationship, settings, change):
    token, _ = mint(relationship, "x")
    claims = jwt.decode(token, settings.TRUST_TOKEN_KEYS[0], algorithms=[ALGORITHM])

    forged = jwt.encode(claims | change, settings.TRUST_TOKEN_KEYS[0], algorithm=ALGORITHM)

    assert bearer(token).get("/api/v1/projects/").status_code == 200
    assert bearer(forged).get("/api/v1/projects/").status_code == 401


def test_bearers_of_the_former_key_of_the_ring_go_on_until_it_is_gone(relationship, settings):
    token, _ = mint(relationship, "x")
    former = settings.TRUST_TOKEN_KEYS[0]

    settings.TRUST_TOKEN_KEYS = [b"n" * 32, former]
    assert bearer(token).get("/api/v1/projects/").status_code == 200
    settings.TRUST_TOKEN_KEYS = [b"n" * 32]
    assert bearer(token).get("/api/v1/projects/").status_code == 401


@pytest.mark.parametrize("algorithm", ["RS256", "RS512", "PS256"])
def test_asymmetric_algorithms_are_taken(exchanged, elsewhere, relationship, algorithm):
    assert exchanged(elsewhere.token(algorithm=algorithm)).status_code == 200


def test_elliptic_curves_are_taken(exchanged, elsewhere, relationship):
    elsewhere.keys["curve"] = ec_key()

    assert exchanged(elsewhere.token(kid="curve", algorithm="ES256")).status_code == 200


def test_one_of_several_audiences_is_enough(exchanged, elsewhere, relationship):
    assert exchanged(elsewhere.token(aud=["other", "burgee"])).status_code == 200


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"iss": "https://elsewhere.example"}, "no_matching_trust_relationship"),
        ({"iss": ISSUER + "/"}, "no_matching_trust_relationship"),
        ({"aud": "other"}, "no_matching_trust_relationship"),
        ({"aud": []}, "no_matching_trust_relationship"),
        ({"sub": "repo:evil/shop"}, "no_matching_trust_relationship"),
        ({"sub": None}, "no_matching_trust_relationship"),
        ({"iss": None}, "invalid_token"),
        ({"aud": None}, "invalid_token"),
        ({"exp": int(time.time()) - 120}, "invalid_token"),
        ({"exp": None}, "invalid_token"),
        ({"iat": int(time.time()) + 3600}, "invalid_token"),
        ({"nbf": int(time.time()) + 3600}, "invalid_token"),
    ],
)
def test_claims_that_are_not_wanted_are_refused(exchanged, elsewhere, relationship, change, code):
    answer = exchanged(elsewhere.token(**change))

    assert (answer.status_code, answer.json()["code"]) == (401, code)
    assert not Event.objects.filter(type="trust_relationship.token_issued").exists()


def test_clocks_may_differ_by_a_minute(exchanged, elsewhere, relationship):
    now = int(time.time())

    assert exchanged(elsewhere.token(exp=now - 30, iat=now - 300)).status_code == 200
    assert exchanged(elsewhere.token(iat=now + 30, nbf=now + 30)).status_code == 200


def test_an_unsigned_token_and_one_signed_with_the_public_key_are_refused(exchanged, elsewhere, relationship):
    _, claims, signature = elsewhere.token().split(".")
    head = {"typ": "JWT", "kid": "one"}
    unsigned = [f"{part(head | {'alg': name})}.{claims}." for name in ("none", "None", "NONE")]
    # What a library that takes any algorithm would check with the public key as a shared secret.
    signed = f"{part(head | {'alg': 'HS256'})}.{claims}"
    digest = hmac.digest(public_pem(rsa_key()), signed.encode(), hashlib.sha256)
    confused = f"{signed}.{base64.urlsafe_b64encode(digest).decode().rstrip('=')}"
    swapped = f"{part(head | {'alg': 'ES256'})}.{claims}.{signature}"

    for token in (*unsigned, confused, swapped):
        answer = exchanged(token)
        assert (answer.status_code, answer.json()["code"]) == (401, "invalid_token"), token


def test_a_shared_secret_that_an_issuer_publishes_is_no_key(exchanged, elsewhere, relationship):
    secret = {"kty": "oct", "k": part({"k": "x" * 64}), "kid": "secret", "alg": "RS256"}
    elsewhere.answers["/issuer/keys"] = lambda _: (200, {"keys": [secret, "nonsense", {"kty": "RSA", "kid": "secret"}]})
    token = jwt.encode({"iss": ISSUER, "aud": "burgee"}, rsa_key(), algorithm="RS256", headers={"kid": "secret"})

    assert exchanged(token).json()["code"] == "invalid_token"


@pytest.mark.parametrize(
    "key",
    [
        {"kty": "RSA", "kid": ["one"]},
        {"kty": "RSA", "kid": "one", "n": 5, "e": None},
        {"kty": "RSA", "kid": "one", "n": "é", "e": "AQAB"},
        {"kty": "RSA", "kid": "one", "n": "AA", "e": "AQAB"},
        {"kty": ["RSA"], "kid": "one"},
        {"kty": "RSA", "kid": "one", "use": "enc"},
    ],
)
def test_a_key_that_makes_no_sense_is_no_key(exchanged, elsewhere, relationship, key):
    token = elsewhere.token()
    elsewhere.answers["/issuer/keys"] = lambda _: (200, {"keys": [key]})

    answer = exchanged(token)

    assert (answer.status_code, answer.json()["code"]) == (401, "invalid_token")


def test_a_signature_of_another_key_and_a_short_key_are_refused(exchanged, elsewhere, relationship):
    genuine = elsewhere.token()
    assert exchanged(genuine).status_code == 200
    elsewhere.keys["one"] = rsa_key(2)
    assert exchanged(elsewhere.token()).json()["code"] == "invalid_token"
    header, _, signature = genuine.split(".")
    forged = part(jwt.decode(genuine, options={"verify_signature": False}) | {"sub": "repo:acme/other"})
    assert exchanged(f"{header}.{forged}.{signature}").json()["code"] == "invalid_token"


@pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning")
def test_a_key_of_1024_bits_is_too_short(exchanged, elsewhere, relationship):
    short = rsa.generate_private_key(public_exponent=65537, key_size=1024)
    elsewhere.keys = {"one": short}

    assert exchanged(elsewhere.token()).json()["code"] == "invalid_token"


def test_keys_are_fetched_once_and_again_when_a_new_one_is_named(elsewhere):
    keys = IssuerKeys(rest=0)
    assert len(keys.keys(ISSUER, "one")) == 1
    assert len(keys.keys(ISSUER, "one")) == 1
    assert elsewhere.paths.count("/issuer/keys") == 1

    elsewhere.keys = {"two": rsa_key(2)}

    assert len(keys.keys(ISSUER, "two")) == 1
    assert keys.keys(ISSUER, "one") == ()
    assert elsewhere.paths.count("/issuer/keys") == 3


def test_unknown_keys_do_not_make_an_issuer_busy(elsewhere):
    keys = IssuerKeys(rest=60)

    assert [keys.keys(ISSUER, f"key{number}") for number in range(20)] == [()] * 20
    assert elsewhere.paths.count("/issuer/keys") == 1


def test_a_slow_issuer_is_left_alone_after_its_answer(elsewhere):
    place = "/issuer/.well-known/openid-configuration"
    elsewhere.answers[place] = lambda _: (503, {"slow": threading.Event().wait(1.1)})
    keys = IssuerKeys(rest=1)

    for _ in range(2):
        with pytest.raises(IssuerSilent):
            keys.keys(ISSUER, "one")
    assert elsewhere.paths.count(place) == 1


def test_a_slow_issuer_holds_up_nobody_elses_keys(elsewhere):
    asked, released = threading.Event(), threading.Event()

    def slow(_):
        asked.set()
        released.wait(20)
        return 503, {}

    elsewhere.answers["/slow/.well-known/openid-configuration"] = slow
    keys = IssuerKeys(rest=60)

    def wait_for_it():
        with suppress(IssuerSilent):
            keys.keys(f"{URL}/slow", "one")

    waiting = threading.Thread(target=wait_for_it)
    waiting.start()
    try:
        assert asked.wait(20)
        assert len(keys.keys(ISSUER, "one")) == 1
    finally:
        released.set()
        waiting.join()


def test_what_is_withdrawn_is_forgotten_in_time(elsewhere):
    keys = IssuerKeys(fresh=0, rest=0)
    assert len(keys.keys(ISSUER, "one")) == 1
    elsewhere.keys = {}

    assert keys.keys(ISSUER, "one") == ()


@pytest.mark.parametrize(
    "configuration",
    [
        (200, {"issuer": "https://other.example", "jwks_uri": f"{URL}/issuer/keys"}),
        (200, {"issuer": ISSUER}),
        (200, {"issuer": ISSUER, "jwks_uri": "http://93.184.216.34/issuer/keys"}),
        (200, {"issuer": ISSUER, "jwks_uri": "https://127.0.0.1/issuer/keys"}),
        (200, {"issuer": ISSUER, "jwks_uri": "https://169.254.169.254/latest"}),
        (200, {"issuer": ISSUER, "jwks_uri": f"{URL}/nowhere"}),
        (200, []),
        (200, b"nonsense"),
        (200, b"[" * 50_000),
        (302, {}),
        (500, {}),
    ],
)
def test_an_issuer_that_cannot_be_read_is_refused_and_left_alone_for_a_while(elsewhere, configuration):
    elsewhere.answers["/issuer/.well-known/openid-configuration"] = lambda _: configuration
    keys = IssuerKeys(rest=60)

    for _ in range(3):
        with pytest.raises(IssuerSilent):
            keys.keys(ISSUER, "one")
    assert elsewhere.paths.count("/issuer/.well-known/openid-configuration") == 1


def test_an_issuer_that_is_away_is_told_as_a_token_that_cannot_be_checked(exchanged, elsewhere, relationship):
    elsewhere.answers.clear()

    answer = exchanged(elsewhere.token())

    assert (answer.status_code, answer.json()["code"]) == (401, "invalid_token")
    assert "not to be had" in answer.json()["detail"]


def test_nobody_is_asked_about_tokens_that_nobody_trusts(exchanged, elsewhere):
    assert exchanged(elsewhere.token()).json()["code"] == "no_matching_trust_relationship"
    assert elsewhere.asked == []


@pytest.mark.parametrize(
    "token",
    ["x", "a.b.c", "..", "é", "a" * 20_000, f"{part({'alg': 'RS256', 'kid': 1})}.{part({})}.x", f"{part([])}.e30.x"],  # type: ignore[arg-type]
)
def test_what_is_no_token_is_401(exchanged, token):
    assert exchanged(token).status_code == 401


@pytest.mark.parametrize("body", [{}, {"token": ""}, {"token": None}, {"token": {}}, []])
def test_a_body_without_a_token_is_400(anybody, body):
    assert anybody.post(EXCHANGE, body, format="json").status_code == 400


def test_exchanges_of_one_client_are_limited(exchanged):
    assert [exchanged("x").status_code for _ in range(61)][-2:] == [401, 429]


@pytest.mark.parametrize(
    ("text", "pattern", "like"),
    [
        ("repo:acme/shop", "repo:acme/*", True),
        ("repo:acme/shop", "repo:acme/shop", True),
        ("repo:acme/shop", "repo:ACME/*", False),
        ("repo:acme-evil/shop", "repo:acme/*", False),
        ("a", "a*a", False),
        ("aa", "a*a", True),
        ("abcabc", "*b*b*", True),
        ("abc", "*b*b*", False),
        ("", "*", True),
        ("x.y", "x?y", False),
        ("refs/heads/main", "refs/*/main", True),
        ("a" * 5000, "*a" * 400 + "b", False),
    ],
)
def test_stars_stand_for_any_text(text, pattern, like):
    assert is_like(text, pattern) is like


def test_every_rule_must_match_one_of_its_values():
    rules = [Rule("ref", ("main", "release/*")), Rule("private", ("true",)), Rule("groups", ("ops",))]

    assert all_match(rules, {"ref": "release/2", "private": True, "groups": ["dev", "ops"]})
    assert not all_match(rules, {"ref": "release/2", "private": False, "groups": ["ops"]})
    assert not all_match(rules, {"ref": "dev", "private": True, "groups": ["ops"]})
    assert not all_match(rules, {"ref": {"main": 1}, "private": True, "groups": ["ops"]})
    assert not all_match(rules, {"private": True, "groups": ["ops"]})
