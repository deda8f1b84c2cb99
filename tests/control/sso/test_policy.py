"""Which ways are open to whom, and breaking the glass."""

import re

import pytest
from msgspec.structs import replace

from burgee.cli import main
from burgee.control.accounts.models import SignInFailures, User
from burgee.control.kit import clock
from burgee.control.kit.actor import SYSTEM
from burgee.control.kit.sso_settings import METHODS, Methods
from burgee.control.mail.models import Letter
from burgee.control.sso import glass, policies, policy
from burgee.control.sso.errors import DomainInvalid, DomainRuled, MethodRefused, SuperuserNeeded, UnknownMethods
from burgee.control.sso.models import SignInRule
from burgee.control.sso.people import Method
from burgee.control.sso.policies import create_rule
from tests.control.sso.sources import come, of, of_server, told, with_key
from tests.factories.accounts import a_token, a_user

LOGIN = "/api/v1/auth/login/"
POLICY = "/api/v1/auth/policy/"
METHODS_PATH = "/api/v1/auth/methods/"
PASSWORD = "a-long-password-1"


@pytest.fixture
def says(settings):
    """What the operator says: ``says(methods="saml")``."""

    def say(**facts) -> None:
        facts = {name: Methods(value) if name == "methods" else value for name, value in facts.items()}
        settings.SSO = replace(settings.SSO, **facts)

    return say


@pytest.fixture
def root(ada):
    User.objects.filter(pk=ada.pk).update(is_superuser=True, is_staff=True)
    ada.refresh_from_db()
    return ada


def logs_in(client, email="ada@example.com", password=PASSWORD):
    return client.post(LOGIN, {"email": email, "password": password}, format="json")


def test_the_settings_name_the_same_methods_as_the_door():
    assert set(METHODS) == set(Method)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", ()),
        ("saml, GitHub", ("saml", "github")),
        ("EP=True,GO=True,GH=True,SAML=True", ("password", "google", "github", "saml", "oidc", "ldap", "passkey")),
        ("EP=False,GO=False,GH=False,SAML=True", ("saml",)),
    ],
)
def test_methods_are_read_in_our_form_and_in_flagsmiths(text, names):
    assert Methods(text).names == names


@pytest.mark.parametrize("text", ["smal", "saml;github", "EP=True,XX=True", "*"])
def test_a_method_that_does_not_exist_stops_the_start(text):
    with pytest.raises(ValueError, match=re.escape(text)):
        Methods(text)


@pytest.mark.parametrize(
    ("email", "domain"),
    [
        ("ada@ACME.com", "acme.com"),
        ("ada@acme.com.", "acme.com"),
        ("a@b@acme.com", "acme.com"),
        ("ada@bücher.example", "xn--bcher-kva.example"),
        ("ada@xn--bcher-kva.example", "xn--bcher-kva.example"),
        ("ada", "ada"),
    ],
)
def test_domains_are_compared_however_they_are_written(email, domain):
    assert policy.domain_of(email) == domain


@pytest.mark.parametrize(
    ("domain", "rules", "everywhere", "expected"),
    [
        ("acme.com", {}, (), frozenset(Method)),
        ("acme.com", {}, (Method.SAML,), {Method.SAML}),
        ("acme.com", {"*": [Method.LDAP]}, (), {Method.LDAP}),
        ("acme.com", {"*": [Method.LDAP]}, (Method.SAML,), {Method.SAML}),
        ("acme.com", {"acme.com": [Method.OIDC], "*": [Method.LDAP]}, (Method.SAML,), {Method.OIDC}),
        ("sub.acme.com", {"acme.com": [Method.OIDC]}, (), frozenset(Method)),
    ],
)
def test_the_rule_of_a_domain_wins_then_the_operator_then_the_rule_for_all(domain, rules, everywhere, expected):
    assert policy.allowed(domain, rules, everywhere) == expected


def test_a_domain_that_is_locked_to_one_provider_is_let_in_by_nothing_else(anybody, ada, acme):
    create_rule("Example.com", ["saml"], actor=SYSTEM)

    assert logs_in(anybody).status_code == 403
    with pytest.raises(MethodRefused):
        come(of_server())
    with pytest.raises(MethodRefused):
        come(of_server(), "ada@EXAMPLE.com.")
    assert come(of(acme)).is_new
    assert come(of_server(), "free@elsewhere.example").is_new


def test_the_rule_is_that_of_the_accounts_address_whatever_the_source_calls_the_person(acme, ada):
    entry = come(of(acme), "worker@acme.example", subject="7")
    create_rule("acme.example", ["oidc"], actor=SYSTEM)

    with pytest.raises(MethodRefused):
        come(of(acme), "worker@elsewhere.example", subject="7")
    assert told("user.sign_in_failed")[0]["reason"] == "sign_in_method_refused"
    assert entry.is_new


def test_nobody_signs_up_with_a_password_where_passwords_are_refused(anybody, ada):
    create_rule("example.com", ["saml"], actor=SYSTEM)
    facts = {"email": "new@example.com", "password": "a-long-password-2", "first_name": "N", "last_name": "N"}

    assert anybody.post("/api/v1/auth/users/", facts, format="json").status_code == 403
    assert User.objects.count() == 1


@pytest.mark.parametrize("switched_off", ["rule", "setting", "prevent"])
def test_without_passwords_every_try_looks_alike_and_counts_alike(anybody, ada, says, settings, switched_off):
    if switched_off == "rule":
        create_rule("*", ["saml"], actor=SYSTEM)
    elif switched_off == "setting":
        says(methods="saml")
    else:
        settings.CONTROL = replace(settings.CONTROL, prevent_email_password=True)
    says(break_glass_emails=("root@example.com",))
    a_user("root@example.com", PASSWORD)

    tries = [("ada@example.com", PASSWORD), ("ada@example.com", "wrong"), ("nobody@example.com", "x")]
    answers = [logs_in(anybody, *given) for given in [*tries, ("root@example.com", "wrong")]]

    assert {(answer.status_code, answer.content) for answer in answers} == {(403, answers[0].content)}
    assert sorted(SignInFailures.objects.values_list("failures", flat=True)) == [1, 1, 2, 4]


def test_who_may_break_the_glass_comes_in_and_everybody_concerned_is_told(anybody, ada, says):
    root = a_user("root@example.com", PASSWORD, is_superuser=True)
    says(methods="saml", break_glass_emails=("Ada@Example.com",))

    answer = logs_in(anybody)

    assert with_key(answer.json()["key"]).get("/api/v1/auth/users/me/").json()["id"] == ada.pk
    assert told("user.glass_broken") == [None]
    letters = Letter.objects.filter(kind="glass_broken").values_list("about", flat=True)
    assert sorted(letters) == sorted([f"user:{ada.pk}", f"user:{root.pk}"])


def test_where_passwords_are_allowed_no_glass_is_broken(anybody, ada, says):
    says(break_glass_emails=("ada@example.com",))

    assert logs_in(anybody).status_code == 200
    assert told("user.glass_broken") == []


def test_the_command_lets_a_superuser_in_for_a_while(anybody, root, says, capsys):
    says(methods="saml")
    assert logs_in(anybody).status_code == 403

    assert main(["break-glass", "ADA@example.com", "--hours", "2"]) == 0
    assert "/password-reset/confirm/" in capsys.readouterr().out
    assert logs_in(anybody).status_code == 200

    assert main(["break-glass", "ada@example.com", "--end"]) == 0
    assert logs_in(anybody).status_code == 403
    assert [len(told(kind)) for kind in ("user.glass_opened", "user.glass_broken")] == [1, 1]


def test_the_glass_closes_by_itself_and_with_the_rank(anybody, root, says):
    says(methods="saml")
    row = glass.allow(root, hours=1)
    type(row).objects.update(until=clock.now())
    assert logs_in(anybody).status_code == 403

    glass.allow(root, hours=1)
    User.objects.update(is_superuser=False)
    assert logs_in(anybody).status_code == 403


@pytest.mark.parametrize(
    "arguments", [["nobody@example.com"], ["ada@example.com"], ["ada@example.com", "--hours", "0"]]
)
def test_the_command_is_for_superusers(ada, arguments, capsys):
    assert main(["break-glass", *arguments]) != 0
    assert "burgee:" in capsys.readouterr().err
    with pytest.raises(SuperuserNeeded):
        glass.allow(ada, hours=1)


def test_superusers_write_rules(root, api):
    made = api.post(POLICY, {"domain": "ACME.com.", "methods": ["saml", "password", "saml"]}, format="json")
    assert made.status_code == 201
    number = made.json()["id"]
    assert (made.json()["domain"], made.json()["methods"]) == ("acme.com", ["password", "saml"])

    again = api.post(POLICY, {"domain": "acme.com", "methods": ["oidc"]}, format="json")
    assert (again.status_code, list(again.json())) == (400, ["domain"])

    path = f"{POLICY}{number}/"
    assert api.put(path, {"domain": "*", "methods": ["ldap"]}, format="json").json()["domain"] == "*"
    assert [row["methods"] for row in api.get(POLICY).json()] == [["ldap"]]
    assert api.get(path).json()["id"] == number
    assert api.delete(path).status_code == 204
    assert (api.get(path).status_code, SignInRule.objects.count()) == (404, 0)
    assert len(told("sign_in_rule.changed")) == 3


def test_rules_are_nobody_elses_business(api, anybody):
    for client, refusal in ((api, 403), (anybody, 401)):
        assert client.get(POLICY).status_code == refusal
        assert client.post(POLICY, {"domain": "x.com", "methods": ["saml"]}, format="json").status_code == refusal
        assert client.delete(f"{POLICY}1/").status_code == refusal
    assert not SignInRule.objects.exists()


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        {"domain": "acme.com", "methods": []},
        {"domain": "acme.com", "methods": ["smal"]},
        {"domain": "acme.com", "methods": "saml"},
        {"domain": "acme", "methods": ["saml"]},
        {"domain": "ada@acme.com", "methods": ["saml"]},
        {"domain": "a b.com", "methods": ["saml"]},
        {"domain": "x" * 300 + ".com", "methods": ["saml"]},
        {"domain": "*.acme.com", "methods": ["saml"]},
        {"domain": "", "methods": ["saml"]},
    ],
)
def test_a_rule_that_makes_no_sense_is_400(root, api, body):
    assert api.post(POLICY, body, format="json").status_code == 400


@pytest.mark.parametrize(
    ("domain", "methods", "error"),
    [("x", ["saml"], DomainInvalid), ("x.com", ["y"], UnknownMethods), ("x.com", [], UnknownMethods)],
)
def test_services_refuse_what_forms_let_through(db, domain, methods, error):
    with pytest.raises(error):
        create_rule(domain, methods, actor=SYSTEM)


def test_one_rule_a_domain(db):
    create_rule("acme.com", ["saml"], actor=SYSTEM)
    with pytest.raises(DomainRuled):
        create_rule("ACME.com", ["saml"], actor=SYSTEM)


def test_the_page_shows_the_password_alone_when_nothing_else_is_set_up(anybody):
    (row,) = anybody.get(METHODS_PATH).json()

    assert row == {"method": "password", "key": "password", "name": "Password", "start_url": None, "client_id": None}


@pytest.fixture
def social(settings):
    facts = {"github_client_id": "gh", "github_client_secret": "secret", "google_client_id": "goo"}
    settings.FEDERATION = replace(settings.FEDERATION, **facts)


def shown(client, **query):
    return [row["method"] for row in client.get(METHODS_PATH, query).json()]


@pytest.mark.usefixtures("social")
def test_the_page_shows_what_is_set_up_and_not_refused_to_everybody(anybody, says):
    assert shown(anybody) == ["password", "github", "google"]

    says(methods="github")
    assert shown(anybody) == ["github"]
    create_rule("*", ["password"], actor=SYSTEM)
    assert shown(anybody) == ["github"]
    create_rule("acme.com", ["google", "saml"], actor=SYSTEM)
    assert shown(anybody) == ["github", "google"]
    assert shown(anybody, email="a@acme.com") == ["google"]
    assert shown(anybody, email="a@else.com") == ["github"]
    assert "secret" not in anybody.get(METHODS_PATH).content.decode()


@pytest.mark.usefixtures("social")
def test_the_page_does_not_say_whether_an_address_is_known(anybody, ada, says):
    says(break_glass_emails=(ada.email,), methods="github")

    assert (
        anybody.get(METHODS_PATH, {"email": ada.email}).json()
        == anybody.get(METHODS_PATH, {"email": "nobody@example.com"}).json()
    )


@pytest.mark.parametrize("email", ["", "x", "@", "a@", "\ud800@x", "a@" + "x" * 5000, "a@b\x00.com"])
def test_what_is_no_address_is_answered_anyway(anybody, email):
    assert anybody.get(METHODS_PATH, {"email": email.encode("utf-8", "replace")}).status_code in {200, 400}


def test_policies_hold_in_the_console_too(client, root, says):
    says(methods="saml")
    facts = {"email": root.email, "password": PASSWORD}

    assert b"switched off" in client.post("/admin/login/", facts).content
    glass.allow(root, hours=1)
    assert client.post("/admin/login/", facts).status_code == 302


def test_a_sign_in_that_exists_goes_on_when_the_policy_changes(ada):
    mine = with_key(a_token(ada))
    create_rule("*", ["saml"], actor=SYSTEM)

    assert mine.get("/api/v1/auth/users/me/").status_code == 200
    assert policies.allowed_for(ada.email) == {Method.SAML}
