"""The log of the installation: every sign-in and every failure stands in it, whoever it was, for superusers."""

import csv
import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from burgee.control.accounts.models import Passkey, User
from burgee.control.accounts.records import oneself
from burgee.control.api.base.throttling import ClientThrottle, RefusalThrottle
from burgee.control.api.v1.auth import SignInView
from burgee.control.audit.models import AuditChain, AuditLog
from burgee.control.audit.queries import verify
from burgee.control.audit.services import erase_person, erase_stranger
from burgee.control.events import relay
from burgee.control.events.models import INSTALLATION, Event
from burgee.control.kit.actor import SYSTEM
from burgee.control.kit.digests import sha256_hex
from burgee.control.kit.sign_in_settings import SignInSettings
from burgee.control.oidc.models import OidcProvider
from burgee.control.organisations.api_keys import create_api_key
from burgee.control.saml.configurations import name_key
from burgee.control.saml.models import SamlConfiguration
from burgee.control.sso.policies import create_rule
from burgee.control.worker.consumers import CONSUMERS
from tests.control.api.conftest import forget_throttles
from tests.control.api.route_table import ROUTES
from tests.control.sso.sources import come, of, of_server, with_key
from tests.factories.accounts import a_token, a_user

LOG = "/api/v1/installation/audit/"
LOGIN = "/api/v1/auth/login/"


@pytest.fixture(autouse=True)
def _uncounted(db) -> None:
    forget_throttles(ClientThrottle)


@pytest.fixture
def root() -> User:
    return a_user("root@operators.example", is_superuser=True)


@pytest.fixture
def operator(root) -> APIClient:
    return with_key(a_token(root))


def lines() -> list[str]:
    while relay.dispatch(CONSUMERS) + relay.deliver(CONSUMERS, owner="test"):
        continue
    rows = AuditLog.objects.filter(organisation_id=INSTALLATION).order_by("position")
    return list(rows.values_list("log", flat=True))


def tries(client, email, password="wrong"):
    return client.post(LOGIN, {"email": email, "password": password}, format="json")


@pytest.mark.database
def test_a_failure_with_an_address_that_nobody_has_is_a_line_for_superusers_and_for_no_organisation(
    anybody, ada, operator
):
    tries(anybody, " Nobody@Example.com")

    assert lines() == ["Somebody as nobody@example.com failed to sign in with a password: nobody has this address"]
    assert not AuditLog.objects.exclude(organisation_id=INSTALLATION).exists()
    [line] = operator.get(LOG).json()["results"]
    assert (line["author_kind"], line["related_object_id"], line["account"]) == ("system", None, "")
    assert list(verify()) == []


@pytest.mark.parametrize(
    "typed", ["correct-horse-battery", "p@ssw0rd!", '"my password"@a.bc', "ada@", "", "a@" + "b" * 250]
)
def test_a_password_in_the_wrong_field_is_kept_nowhere(anybody, typed):
    tries(anybody, typed)

    assert lines() == ["Somebody failed to sign in with a password: what they typed is no address"]
    kept = f"{list(Event.objects.values())} {list(AuditLog.objects.values())}"
    assert typed == "" or typed not in kept


def test_a_person_of_no_organisation_is_in_it_with_their_number_and_their_address_beside(anybody, operator):
    grace = a_user("grace@example.com", "a-long-password-2")
    tries(anybody, grace.email)
    tries(anybody, grace.email, "a-long-password-2")

    assert lines() == [
        f"User #{grace.pk} failed to sign in with a password: wrong password",
        f"User #{grace.pk} signed in with a password",
    ]
    assert [line["account"] for line in operator.get(LOG).json()["results"]] == [grace.email] * 2


@pytest.mark.database
def test_a_new_account_and_a_rule_are_in_it(anybody, ada, root):
    facts = {"email": "new@example.com", "password": "a-long-password-3", "first_name": "N", "last_name": "N"}
    assert anybody.post("/api/v1/auth/users/", facts, format="json").status_code == 201
    create_rule("elsewhere.com", ["saml"], actor=oneself(root))

    made = User.objects.get(email="new@example.com")
    assert lines() == [
        f"User #{made.pk} got an account",
        "Rule of signing in created: people of elsewhere.com may use SAML only",
    ]


def test_whom_a_source_brings_and_nobody_lets_in_is_in_it(ada, acme):
    with pytest.raises(Exception, match="no account for you"):
        come(of(acme, joins=False), email="Stranger@example.com")
    with pytest.raises(Exception, match="no usable e-mail"):
        come(of_server(), subject="")

    assert lines() == [
        (
            f"Somebody as stranger@example.com failed to sign in with SAML (saml:{acme.pk}): "
            "there is no account and no invitation"
        ),
        "Somebody as grace@example.com failed to sign in with GitHub: whoever vouches for them gave no usable address",
    ]


@pytest.mark.database
def test_who_tries_while_a_lock_lasts_is_in_it_known_or_not(anybody, ada, settings):
    settings.SIGN_IN = SignInSettings(axes_failure_limit=1)
    for email in (ada.email, "nobody@example.com"):
        tries(anybody, email)
        assert tries(anybody, email).status_code == 429

    locked = "failed to sign in with a password: signing in is locked after too many failures"
    assert [line for line in lines() if "too many" in line] == [
        f"User #{ada.pk} {locked}",
        f"Somebody as nobody@example.com {locked}",
    ]


def post(path: str, **body: Any) -> Callable[[APIClient], Any]:
    return lambda client: client.post(path, body, format="json")


SIGNED = {"id": "x", "rawId": "eHg", "type": "public-key", "response": {}}

DOORS: dict[str, Callable[[APIClient], Any]] = {
    LOGIN: post(LOGIN, email="nobody@example.com", password="wrong"),
    "/api/v1/auth/login/code/": post("/api/v1/auth/login/code/", ephemeral_token="made-up", code="123456"),
    "/api/v1/auth/passkeys/sign-in/": post("/api/v1/auth/passkeys/sign-in/", credential=SIGNED),
    "/api/v1/auth/passkeys/sign-in/options/": post("/api/v1/auth/passkeys/sign-in/options/", ephemeral_token="made-up"),
    "/api/v1/auth/oauth/github/": post("/api/v1/auth/oauth/github/", access_token="made-up"),
    "/api/v1/auth/oauth/google/": post("/api/v1/auth/oauth/google/", access_token="made-up"),
    "/api/v1/auth/saml/login/": post("/api/v1/auth/saml/login/", access_token="made-up"),
    "/api/v1/auth/saml/<str:name>/response/": post("/api/v1/auth/saml/acme/response/", SAMLResponse="PHg+"),
    "/api/v1/auth/oidc/login/": post("/api/v1/auth/oidc/login/", code="made-up"),
    "/api/v1/auth/oidc/<slug:slug>/start/": lambda client: client.get("/api/v1/auth/oidc/acme/start/"),
    "/api/v1/auth/oidc/<slug:slug>/callback/": lambda client: client.get("/api/v1/auth/oidc/acme/callback/?state=x"),
}


def in_the_console(client: Client) -> Any:
    return client.post("/admin/login/", {"email": "nobody@example.com", "password": "wrong"})


@pytest.fixture
def doors(acme) -> None:
    """Connections that have a name and nobody behind it."""
    SamlConfiguration.objects.create(
        organisation=acme, name="acme", name_key=name_key("acme"), frontend_url="https://x.example"
    )
    OidcProvider.objects.create(
        organisation=acme, name="Acme", slug="acme", issuer="https://localhost:1", client_id="x"
    )


def test_every_route_that_signs_in_is_tried_here():
    by_name = {route.template for route in ROUTES if route.is_public and issubclass(route.view, SignInView)}
    assert by_name <= set(DOORS)


@pytest.mark.django_db(transaction=True)
def test_whoever_claims_a_passkey_of_somebody_and_cannot_sign_with_it_is_refused_and_told(anybody, ada):
    Passkey.objects.create(user=ada, name="Key", credential_key=sha256_hex(b"xx".hex()), credential="")
    anybody.cookies["burgee_passkey"] = "of this browser"

    assert post("/api/v1/auth/passkeys/sign-in/", credential=SIGNED)(anybody).status_code == 401
    assert lines() == [f"User #{ada.pk} failed to sign in with a passkey: wrong passkey"]


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_no_failure_at_any_door_leaves_the_log_without_a_line(doors, acme):
    silent = []
    for name, knock in [*DOORS.items(), ("/admin/login/", in_the_console)]:
        before = len(lines())
        answer = knock(Client() if name.startswith("/admin") else APIClient())
        assert answer.status_code < 500 or answer.status_code == 502, (name, answer.content)
        if len(lines()) == before:
            silent.append(name)

    assert silent == []
    assert list(verify()) == []


@pytest.mark.database
def test_who_cannot_sign_in_does_not_fill_the_log_with_answers_that_nobody_gave(anybody, settings):
    most = int(settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"][RefusalThrottle.scope].partition("/")[0])
    for number in range(most + 3):
        assert anybody.get(f"/api/v1/auth/oidc/acme/callback/?state={number}").status_code == 302

    assert len(lines()) == most


@pytest.mark.database
def test_only_superusers_themselves_read_it(anybody, ada, acme, operator):
    tries(anybody, "nobody@example.com")
    lines()
    line_id = AuditLog.objects.get().pk
    paths = [LOG, f"{LOG}{line_id}/", f"{LOG}export/csv/", f"{LOG}export/jsonl/"]
    _, key = create_api_key(acme, name="ci", is_admin=True, actor=SYSTEM)
    machine = APIClient()
    machine.credentials(HTTP_AUTHORIZATION=f"Api-Key {key}")

    for client, status in [(anybody, 401), (with_key(a_token(ada)), 403), (machine, 403), (operator, 200)]:
        assert [client.get(path).status_code for path in paths] == [status] * 4
    administrator = with_key(a_token(ada))
    for path in ("/api/v1/audit/", f"/api/v1/organisations/{acme.pk}/audit/"):
        assert "nobody@example.com" not in administrator.get(path).content.decode()
    assert administrator.get(f"/api/v1/audit/{line_id}/").status_code == 404
    assert administrator.get(f"/api/v1/organisations/{INSTALLATION}/audit/").status_code == 403


@pytest.mark.database
def test_it_is_searched_filtered_and_exported_like_any_log(anybody, ada, root, operator):
    tries(anybody, "nobody@example.com")
    tries(anybody, ada.email)
    create_rule("elsewhere.com", ["saml"], actor=oneself(root))
    lines()

    def found(**query):
        return len(operator.get(LOG, query).json()["results"])

    assert [found(), found(search="nobody@"), found(related_object_type="SIGN_IN_RULE")] == [3, 1, 1]
    assert [found(author=root.pk), found(is_system_event=True), found(page_size=2)] == [1, 2, 2]
    text = b"".join(operator.get(f"{LOG}export/csv/").streaming_content).decode()
    told = b"".join(operator.get(f"{LOG}export/jsonl/?search=nobody").streaming_content).decode().splitlines()
    assert len(list(csv.DictReader(io.StringIO(text)))) == 3
    assert [json.loads(line)["organisation"] for line in told] == [INSTALLATION]


@pytest.mark.database
def test_an_address_that_failed_before_it_was_somebodys_is_erased_with_them(anybody):
    tries(anybody, "Late@Example.com")
    tries(anybody, "other@example.com")
    late = a_user("late@Example.com", "a-long-password-4")
    tries(anybody, "late@example.com", "a-long-password-4")
    lines()

    assert erase_person(late, actor=SYSTEM) == 2

    told = lines()
    kept = f"{list(Event.objects.values())} {list(AuditLog.objects.values())}"
    assert "late@" not in kept.lower()
    assert "other@example.com" in kept
    assert told[-1] == f"User #{late.pk} was erased from 2 lines"
    assert list(verify()) == []


@pytest.mark.database
def test_an_address_that_nobody_ever_had_is_erased(anybody):
    for email in ("stranger@example.com", "a.stranger@example.com", "stranger@example.com"):
        tries(anybody, email)
    lines()

    assert erase_stranger("Stranger@example.com", actor=SYSTEM) == 2
    assert erase_stranger("Stranger@example.com", actor=SYSTEM) == 0

    assert lines()[-1] == "Somebody was erased from 2 lines"
    kept = f"{list(Event.objects.values())} {list(AuditLog.objects.values())}"
    assert "stranger@example.com" not in kept.replace("a.stranger@example.com", "")
    assert "a.stranger@example.com" in kept
    assert list(verify()) == []


def test_what_happened_before_there_was_this_log_comes_into_it_in_order(anybody, ada):
    tries(anybody, "first@example.com")
    tries(anybody, ada.email)
    before = lines()
    AuditLog.objects.all().delete()
    AuditChain.objects.all().delete()
    tries(anybody, "last@example.com")

    assert lines()[:-1] == before
    assert list(verify([INSTALLATION])) == []


@pytest.mark.database
def test_a_line_that_somebody_changed_is_found(anybody):
    tries(anybody, "nobody@example.com")
    lines()
    AuditLog.objects.update(log="nothing happened")

    assert [str(finding) for finding in verify()] == [
        f"installation, position 1 (line {AuditLog.objects.get().pk}): altered: log"
    ]
