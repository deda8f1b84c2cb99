"""The way to an issuer and back. A TLS server on this machine is the issuer."""

from datetime import timedelta

import msgspec
import pytest
from rest_framework.test import APIClient

from burgee.control.accounts.models import Token, User
from burgee.control.events.models import Event
from burgee.control.kit import clock
from burgee.control.kit.actor import SYSTEM
from burgee.control.oidc.journeys import cookie_of
from burgee.control.oidc.services import add_provider
from burgee.control.organisations.groups import add_to_group, create_group
from burgee.control.organisations.models import GroupMembership, Membership
from burgee.control.sso.models import Handover
from tests.control.oauth.conftest import with_header
from tests.control.oauth.elsewhere import ISSUER, URL
from tests.control.oidc.issuer import CALLBACK, LOGIN, START, begun, came_back, refused, signed_in
from tests.factories.accounts import a_user
from tests.factories.organisations import a_member, an_organisation


def test_somebody_new_becomes_a_member_with_the_groups_that_exist(browser, issuer, organisation):
    makers = create_group(organisation, "Makers", actor=SYSTEM, external_id="makers")
    issuer.claims["groups"] = ["makers", "unknown"]

    told = signed_in(browser, issuer).json()

    assert told["is_new_user"] is True
    grace = User.objects.with_email("grace@acme.example")
    assert (grace.first_name, grace.last_name, grace.auth_type) == ("Grace", "Hopper", "OIDC")
    assert Membership.objects.get(user=grace).organisation == organisation
    assert list(GroupMembership.objects.filter(user=grace).values_list("group", flat=True)) == [makers.pk]
    assert with_header(f"Token {told['key']}").get("/api/v1/auth/users/me/").json()["email"] == "Grace@acme.example"


def test_the_second_time_the_same_account_is_found_whatever_its_address_is_now(browser, issuer):
    signed_in(browser, issuer)
    issuer.claims["email"] = "grace.hopper@acme.example"

    assert signed_in(browser, issuer).json()["is_new_user"] is False

    assert User.objects.filter(auth_type="OIDC").count() == 1


def test_the_issuer_is_asked_with_everything_that_keeps_others_out(browser, issuer):
    begun(browser, issuer)

    asked = issuer.asked
    assert asked["response_type"] == "code"
    assert asked["redirect_uri"] == f"http://localhost:8000{CALLBACK}"
    assert asked["scope"] == "openid email profile"
    assert min(len(asked[name]) for name in ("state", "nonce", "code_challenge")) >= 43


def test_the_journey_is_kept_in_a_cookie_that_no_script_reads_and_other_sites_do_not_send(browser, issuer):
    started = browser.get(START)

    (cookie,) = started.cookies.values()
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/api/v1/auth/")
    query = issuer.authorise(started["Location"])
    for secret in (query["state"], issuer.asked["nonce"]):
        assert secret not in cookie.value


def test_nothing_secret_is_stored(browser, issuer):
    code = came_back(browser, begun(browser, issuer))["code"]

    row = Handover.objects.get()
    assert code not in str(vars(row))
    assert "Grace@acme.example" not in str(vars(row))
    browser.post(LOGIN, {"code": code}, format="json")
    assert Handover.objects.get().ciphertext is None


def test_an_answer_in_another_browser_is_nobodys(browser, issuer):
    query = begun(browser, issuer)

    told = came_back(APIClient(), query)

    assert told["error"] == "journey_lost"
    assert not [path for path in issuer.elsewhere.paths if path == "/issuer/token"]


def test_an_answer_with_the_state_of_another_journey_is_nobodys(browser, issuer):
    query = begun(browser, issuer)
    other = APIClient()
    foreign = begun(other, issuer)

    assert came_back(browser, query | {"state": foreign["state"]})["error"] == "journey_lost"


def test_a_journey_cannot_be_carried_into_the_cookie_of_another(browser, issuer):
    mine = begun(browser, issuer)
    other = APIClient()
    theirs = begun(other, issuer)
    other.cookies[cookie_of(theirs["state"])] = browser.cookies[cookie_of(mine["state"])].value

    assert came_back(other, theirs)["error"] == "journey_lost"


@pytest.mark.parametrize("query", [{}, {"state": ""}, {"state": "x", "code": "c-1"}, {"error": "access_denied"}])
def test_an_answer_that_nobody_asked_for_is_nobodys(browser, query):
    assert came_back(browser, query)["error"] == "journey_lost"


def test_a_journey_ends_after_ten_minutes(browser, issuer, monkeypatch):
    query = begun(browser, issuer)
    later = clock.now() + timedelta(seconds=601)
    monkeypatch.setattr(clock, "now", lambda: later)

    assert came_back(browser, query)["error"] == "journey_lost"


def test_a_journey_ends_once(browser, issuer):
    started = browser.get(START)
    kept = {name: morsel.value for name, morsel in started.cookies.items()}
    query = issuer.authorise(started["Location"])
    assert "code" in came_back(browser, query)
    for name, value in kept.items():
        browser.cookies[name] = value

    assert came_back(browser, query)["error"] == "handover_invalid"


def test_the_answer_of_one_provider_is_not_taken_by_another(browser, issuer, organisation):
    other = an_organisation()
    add_provider(other, actor=SYSTEM, name="Other", slug="other", issuer=ISSUER, client_id="burgee")
    query = begun(browser, issuer)

    assert came_back(browser, query, "/api/v1/auth/oidc/other/callback/")["error"] == "journey_lost"


def test_two_tabs_do_not_get_in_each_others_way(browser, issuer):
    first = begun(browser, issuer)
    first_asked = issuer.asked
    second = begun(browser, issuer)

    assert "code" in came_back(browser, second)
    issuer.asked = first_asked
    assert "code" in came_back(browser, first)


def test_the_code_works_once_in_that_browser_and_for_a_minute(browser, issuer, monkeypatch):
    code = came_back(browser, begun(browser, issuer))["code"]
    in_url_only = APIClient().post(LOGIN, {"code": code}, format="json")
    assert (in_url_only.status_code, in_url_only.json()) == (
        401,
        {"detail": "This sign-in has ended. Please start again."},
    )

    assert browser.post(LOGIN, {"code": code}, format="json").status_code == 200
    assert browser.post(LOGIN, {"code": code}, format="json").status_code == 401
    late = came_back(browser, begun(browser, issuer))["code"]
    later = clock.now() + timedelta(seconds=61)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert browser.post(LOGIN, {"code": late}, format="json").status_code == 401
    assert Token.objects.count() == 1


def test_a_dashboard_on_another_host_gets_a_code_that_needs_no_cookie(browser, issuer, settings):
    settings.FEDERATION = msgspec.structs.replace(settings.FEDERATION, dashboard_url="https://flags.acme.example/")

    answer = browser.get(CALLBACK, begun(browser, issuer))

    place, _, told = answer["Location"].partition("#code=")
    assert place == "https://flags.acme.example/login/oidc"
    assert APIClient().post(LOGIN, {"code": told}, format="json").status_code == 200


def test_an_answer_that_names_another_issuer_is_a_mix_up(browser, issuer):
    assert "another issuer" in refused(browser, issuer, iss=f"{URL}/evil")
    assert "/issuer/token" not in issuer.elsewhere.paths


def test_an_issuer_that_always_names_itself_must(browser, issuer):
    issuer.says(authorization_response_iss_parameter_supported=True)

    assert "another issuer" in refused(browser, issuer)
    told = came_back(browser, begun(browser, issuer, iss=ISSUER))
    assert "code" in told


def test_words_of_the_issuer_are_not_shown(browser, issuer):
    told = came_back(browser, begun(browser, issuer, error="access_denied", error_description="Call 555-EVIL"))

    assert told == {"error": "sign_in_refused", "detail": "The issuer did not let you in, or you did not want to."}


def test_an_answer_with_two_codes_is_refused(browser, issuer):
    query = begun(browser, issuer)

    answer = browser.get(f"{CALLBACK}?state={query['state']}&code=c-1&code=c-2")

    assert "error=journey_lost" in answer["Location"]


def test_what_the_token_does_not_say_is_asked_for_and_must_be_about_the_same_person(browser, issuer):
    issuer.claims |= {"email": None, "email_verified": None, "groups": None}
    issuer.userinfo = {"sub": "grace-1", "email": "grace@acme.example", "email_verified": "true"}
    assert signed_in(browser, issuer).status_code == 200

    issuer.userinfo["sub"] = "somebody-else"
    assert "somebody else" in refused(browser, issuer)


def test_what_is_told_beside_the_token_never_wins_over_it(browser, issuer):
    issuer.claims |= {"groups": None, "email_verified": False}
    issuer.userinfo = {"sub": "grace-1", "email_verified": True, "email": "ada@example.com"}

    assert "not verified" in refused(browser, issuer)


def test_unverified_addresses_are_taken_where_the_administrators_say_so(browser, issuer, provider):
    provider.require_verified_email = False
    provider.save()
    issuer.claims["email_verified"] = None

    assert signed_in(browser, issuer).status_code == 200


def test_a_public_application_shows_no_secret(browser, issuer, provider):
    provider.client_secret_ciphertext = None
    provider.save()
    forms = []

    def token(asked):
        forms.append((asked.form.get("client_id"), asked.headers.get("Authorization")))
        return 400, {"error": "invalid_client"}

    issuer.elsewhere.answers["/issuer/token"] = token
    refused(browser, issuer)

    assert forms == [("burgee", None)]


def test_an_issuer_that_wants_the_secret_in_the_form_gets_it_there(browser, issuer):
    issuer.says(token_endpoint_auth_methods_supported=["client_secret_post"])
    forms = []

    def token(asked):
        forms.append((asked.form.get("client_id"), asked.form.get("client_secret"), asked.headers.get("Authorization")))
        return 400, {"error": "invalid_client"}

    issuer.elsewhere.answers["/issuer/token"] = token
    refused(browser, issuer)

    assert forms == [("burgee", "s:cret/ö", None)]


def test_a_second_factor_at_the_issuer_is_remembered(browser, issuer, organisation):
    issuer.claims["amr"] = ["pwd", "mfa"]

    signed_in(browser, issuer)

    assert Token.objects.get().second_factor_at == organisation.pk


def test_groups_that_microsoft_leaves_out_stay_as_they_are(browser, issuer, organisation):
    signed_in(browser, issuer)
    grace = User.objects.with_email("grace@acme.example")
    group = create_group(organisation, "Ops", actor=SYSTEM, external_id="ops")
    add_to_group(group, [grace.pk], actor=SYSTEM)
    issuer.claims |= {"groups": None, "_claim_names": {"groups": "src1"}, "email_verified": True}
    signed_in(browser, issuer)
    assert GroupMembership.objects.filter(user=grace).exists()

    issuer.claims["_claim_names"] = None
    signed_in(browser, issuer)
    assert not GroupMembership.objects.filter(user=grace).exists()


def test_an_organisations_issuer_opens_no_account_that_is_also_elsewhere(browser, issuer, organisation):
    grace = a_user("grace@acme.example", "correct horse", email_verified_at=clock.now())
    a_member(organisation, grace)
    a_member(an_organisation(), grace)

    answer = signed_in(browser, issuer)

    assert answer.status_code == 403
    assert "Sign in as usual" in answer.json()["detail"]
    assert Token.objects.count() == 0
    assert Event.objects.filter(type="user.sign_in_failed").exists()


def test_a_deleted_organisation_has_no_way_in(browser, issuer, organisation):
    organisation.deleted_at = clock.now()
    organisation.save()

    assert browser.get(START).status_code == 404


def test_a_name_that_nobody_has_is_not_found(browser):
    assert browser.get("/api/v1/auth/oidc/nobody/start/").status_code == 404
    assert browser.get("/api/v1/auth/oidc/ACME/start/").status_code == 404


def test_an_issuer_that_is_silent_is_told_to_the_dashboard(browser, issuer):
    issuer.says()
    issuer.elsewhere.answers.pop("/issuer/.well-known/openid-configuration")

    answer = browser.get(START)

    assert answer.status_code == 302
    assert "error=sign_in_refused" in answer["Location"]


def test_a_provider_of_the_whole_server_comes_from_the_settings(browser, issuer, settings):
    settings.OIDC = msgspec.structs.replace(
        settings.OIDC, issuer=ISSUER, client_id="burgee", client_secret="s:cret/ö", groups_claim="groups"
    )
    ada = User.objects.with_email("ada@example.com")
    issuer.claims["email"] = ada.email
    query = issuer.authorise(browser.get("/api/v1/auth/oidc/company/start/")["Location"])

    told = came_back(browser, query, "/api/v1/auth/oidc/company/callback/")

    entered = browser.post(LOGIN, {"code": told["code"]}, format="json").json()
    assert entered["is_new_user"] is False
    assert with_header(f"Token {entered['key']}").get("/api/v1/auth/users/me/").json()["email"] == ada.email
