"""What a change of the rules would do to whom, and what else decides about signing in."""

import pytest
from msgspec.structs import replace

from burgee.control.accounts.models import Passkey, User
from burgee.control.kit.actor import SYSTEM
from burgee.control.sso import glass
from burgee.control.sso.models import SignInRule
from burgee.control.sso.policies import create_rule
from tests.control.sso.sources import come, of_server
from tests.factories.accounts import a_user

PREVIEW = "/api/v1/auth/policy/preview/"
SETTINGS = "/api/v1/auth/policy/settings/"
PASSWORD = "a-long-password-1"
NOBODY = {"amount": 0, "emails": [], "has_self": False}


@pytest.fixture
def root(ada):
    User.objects.filter(pk=ada.pk).update(is_superuser=True)
    ada.refresh_from_db()
    return ada


@pytest.fixture
def with_github(settings):
    settings.FEDERATION = replace(settings.FEDERATION, github_client_id="ours", github_client_secret="secret")


def preview(api, domain, *methods, replaces=None):
    answer = api.post(PREVIEW, {"domain": domain, "methods": methods, "replaces": replaces}, format="json")
    assert answer.status_code == 200, answer.content
    return answer.json()


@pytest.mark.database
def test_a_way_that_is_not_set_up_locks_everybody_of_the_domain_out(api, root):
    a_user("grace@example.com", PASSWORD)
    a_user("eve@elsewhere.com", PASSWORD)

    told = preview(api, "example.com", "github")

    assert told == {
        "concerned": 2,
        "locked_out": {"amount": 2, "emails": ["ada@example.com", "grace@example.com"], "has_self": True},
        "untried": NOBODY,
    }
    assert not SignInRule.objects.exists()


@pytest.mark.usefixtures("with_github")
def test_a_way_that_somebody_never_came_by_is_untried(api, root):
    grace = a_user("grace@example.com", PASSWORD, email_verified_at=root.date_joined)
    come(of_server(), grace.email)

    told = preview(api, "example.com", "github")

    assert told["locked_out"] == NOBODY
    assert told["untried"] == {"amount": 1, "emails": ["ada@example.com"], "has_self": True}


def test_a_passkey_counts_for_those_who_have_one(api, root):
    Passkey.objects.create(user=root, credential_key="k", credential="c", name="Blue key")
    a_user("grace@example.com", PASSWORD)

    told = preview(api, "example.com", "passkey")

    assert told["locked_out"]["emails"] == ["grace@example.com"]
    assert told["untried"] == NOBODY


@pytest.mark.database
def test_a_rule_that_goes_may_lock_out_too(api, root):
    for_all = create_rule("*", ["github"], actor=SYSTEM)
    own = create_rule("example.com", ["password"], actor=SYSTEM)
    a_user("eve@elsewhere.com", PASSWORD)

    assert preview(api, "example.com", replaces=own.pk)["locked_out"]["emails"] == ["ada@example.com"]
    # Who is kept out already is not kept out by this.
    assert preview(api, "*", "saml", replaces=for_all.pk)["locked_out"] == NOBODY
    moved = preview(api, "elsewhere.com", "password", replaces=own.pk)
    assert moved["locked_out"]["emails"] == ["ada@example.com"]
    assert moved["concerned"] == 2


def test_who_may_break_the_glass_is_not_locked_out(api, root, settings):
    assert preview(api, "*", "github")["locked_out"]["has_self"] is True
    glass.allow(root, hours=1)
    grace = a_user("grace@example.com", PASSWORD)
    settings.SSO = replace(settings.SSO, break_glass_emails=("Grace@Example.com",))

    assert preview(api, "*", "github")["locked_out"] == NOBODY
    told = api.get(SETTINGS).json()["break_glass"]
    assert [(entry["email"], entry["until"] is None) for entry in told] == [
        ("Grace@Example.com", True),
        (root.email, False),
    ]
    grace.set_password(None)
    grace.save()
    come(of_server(), "linus@example.com")
    assert preview(api, "*", "saml")["locked_out"]["has_self"] is False


@pytest.mark.database
def test_the_settings_are_told_as_they_are(api, root):
    told = api.get(SETTINGS).json()

    assert told == {
        "everywhere": [],
        "configured": ["password"],
        "prevent_email_password": False,
        "prevent_signup": False,
        "allow_registration_without_invite": True,
        "session_days": 0,
        "session_idle_days": 0,
        "break_glass": [],
    }


def test_all_of_it_is_for_superusers(api, ada):
    body = {"domain": "example.com", "methods": ["github"]}

    assert api.get(SETTINGS).status_code == 403
    assert api.post(PREVIEW, body, format="json").status_code == 403


def test_nonsense_is_refused(api, root):
    assert api.post(PREVIEW, {"domain": "not a domain", "methods": ["saml"]}, format="json").status_code == 400
    assert api.post(PREVIEW, {"domain": "a.com", "methods": [], "replaces": 77}, format="json").status_code == 404
