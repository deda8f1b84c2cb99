"""The operator's console at /admin/."""

import re

import pytest
from django.contrib.admin.utils import quote
from django.test import Client

from burgee.control.accounts.models import Token, User
from burgee.control.admin.session import COOKIE
from burgee.control.admin.site import site
from burgee.control.api.base.throttling import LoginThrottle
from burgee.control.events.models import Event
from burgee.control.projects.models import Project
from burgee.control.saml.models import SamlConfiguration
from burgee.control.sso.models import SignInRule
from tests.control.transfer.filling import fill
from tests.factories.accounts import a_token, a_user
from tests.factories.environments import a_server_key, an_environment
from tests.factories.organisations import a_member, an_organisation
from tests.factories.projects import a_project
from tests.factories.segments import a_segment

PASSWORD = "correct-horse-battery"

RULES = "/admin/sso/signinrule/"
WRITTEN = {RULES}
"""Tables that the console writes."""


@pytest.fixture(autouse=True)
def _database(db):
    LoginThrottle.forget()


@pytest.fixture
def operator() -> User:
    return a_user("ops@example.com", PASSWORD, is_superuser=True)


def entered(email: str, password: str = PASSWORD) -> Client:
    client = Client(enforce_csrf_checks=True)
    post(client, "/admin/login/", email=email, password=password)
    return client


def post(client: Client, path: str, **facts):
    """As the form of the page at `path` does it."""
    page = client.get(path).content.decode()
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    token = found[1] if found else ""
    return client.post(path, {"csrfmiddlewaretoken": token, **facts})


@pytest.fixture
def console(operator) -> Client:
    return entered(operator.email)


def paths() -> list[str]:
    return [f"/admin/{model._meta.app_label}/{model._meta.model_name}/" for model in site._registry]


def test_every_table_can_be_searched_and_sorted_and_every_row_be_seen(console):
    environment = an_environment(a_project(an_organisation(name="Acme"), name="Shop"))
    assert console.get("/admin/").status_code == 200
    for path, (model, table) in zip(paths(), site._registry.items(), strict=True):
        if not model._base_manager.exists():
            fill(model)
        columns = range(1, len(table.get_list_display(None)) + 1)
        orders = [".".join(map(str, columns)), ".".join(f"-{column}" for column in columns)]
        for query in ({}, {"q": "x"}, *({"o": order} for order in orders)):
            assert console.get(path, query).status_code == 200, (path, query)
        for key in model._base_manager.values_list("pk", flat=True):
            assert console.get(f"{path}{quote(key)}/change/").status_code == 200, (path, key)
    page = console.get(f"/admin/environments/environment/{environment.pk}/change/")
    assert environment.name in page.content.decode()
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]


def test_nobody_else_gets_in():
    a_user("bob@example.com", PASSWORD)
    a_member(an_organisation(), User.objects.get(), "ADMIN")
    client = entered("bob@example.com")
    assert COOKIE not in client.cookies
    assert not Token.objects.exists()
    for path in ["/admin/", *paths()]:
        answer = client.get(path)
        assert (answer.status_code, answer.headers["Location"][:13]) == (302, "/admin/login/")


def test_there_is_no_password_from_the_start():
    for email in ("admin", "admin@example.com", ""):
        assert COOKIE not in entered(email, "admin").cookies


def test_a_token_of_the_api_is_no_cookie_of_the_console_and_signing_out_ends_it(console, operator):
    assert console.get("/admin/").status_code == 200
    cookie = console.cookies[COOKIE]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Strict", "/admin/")
    kept = cookie.value
    page = console.get("/admin/").content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]
    assert console.post("/admin/logout/", {"csrfmiddlewaretoken": token}).status_code == 302
    assert not Token.objects.exists()
    again = Client()
    again.cookies[COOKIE] = kept
    assert again.get("/admin/").status_code == 302
    again.cookies[COOKIE] = "anything"
    assert again.get("/admin/").status_code == 302


def test_a_person_who_is_no_superuser_any_more_is_out_at_once(console, operator):
    operator.is_superuser = False
    operator.save(update_fields=["is_superuser"])
    assert console.get("/admin/").status_code == 302


def test_an_edit_goes_through_the_service_and_is_told(console, operator):
    project = a_project(an_organisation(), name="Shop")
    path = f"/admin/projects/project/{project.pk}/change/"
    limits = {
        "max_features_allowed": "7",
        "max_segments_allowed": "500",
        "max_segment_overrides_allowed": "2000",
        "stale_flags_limit_days": "30",
    }
    assert post(console, path, **limits, name="Stolen").status_code == 302
    project.refresh_from_db()
    assert (project.max_features_allowed, project.name) == (7, "Shop")
    for wrong in ("", "-1", str(2**31)):
        assert post(console, path, **(limits | {"max_features_allowed": wrong})).status_code == 200
    (event,) = Event.objects.filter(project_id=project.pk, actor_id=operator.pk)
    assert event.payload["changes"][0]["after"] == {"max_features_allowed": 7}


def test_an_operator_frees_a_segment_from_the_limit_of_conditions(console, operator):
    segment = a_segment(a_project(an_organisation()))
    path = f"/admin/segments/segment/{segment.pk}/change/"
    assert post(console, path, is_whitelisted="on", name="Stolen").status_code == 302
    name = segment.name
    segment.refresh_from_db()
    assert (segment.is_whitelisted, segment.name) == (True, name)
    assert Event.objects.filter(type="segment.changed", actor_id=operator.pk).count() == 1


def test_an_operator_locks_an_account_and_makes_another_operator(console, operator):
    user = a_user("bob@example.com", PASSWORD)
    a_token(user)
    path = f"/admin/accounts/user/{user.pk}/change/"
    assert post(console, path, first_name="Bob", is_superuser="on").status_code == 302
    user.refresh_from_db()
    assert (user.first_name, user.is_active, user.is_superuser, user.is_staff) == ("Bob", False, True, True)
    assert not Token.objects.filter(user=user).exists()
    assert COOKIE not in entered(user.email).cookies

    assert post(console, path, is_active="on", is_superuser="on").status_code == 302
    assert COOKIE in entered(user.email).cookies
    told = [event.payload["changes"][0].get("after") for event in Event.objects.filter(type="user.changed")]
    assert [facts for facts in told if facts] == [{"is_active": False, "is_superuser": True}, {"is_active": True}]


def test_nobody_takes_away_their_own_place_in_the_console(console, operator):
    path = f"/admin/accounts/user/{operator.pk}/change/"
    assert "your own account" in console.get(post(console, path, is_active="on")["Location"]).content.decode()
    assert post(console, path, first_name="Opa", is_active="on", is_superuser="on").status_code == 302
    operator.refresh_from_db()
    assert (operator.is_superuser, operator.first_name) == (True, "Opa")


def test_what_may_be_null_may_be_left_empty(console):
    row = SamlConfiguration.objects.create(
        organisation=an_organisation(), name="acme", frontend_url="https://old.example"
    )
    facts = {"frontend_url": "https://flags.example", "idp_metadata_xml": "", "idp_metadata_url": ""}
    assert post(console, f"/admin/saml/samlconfiguration/{row.pk}/change/", **facts).status_code == 302
    row.refresh_from_db()
    assert (row.frontend_url, row.idp_metadata_xml, row.idp_metadata_url) == ("https://flags.example", None, None)


def test_a_post_from_another_site_is_refused(console):
    project = a_project(an_organisation())
    assert (
        console.post(f"/admin/projects/project/{project.pk}/change/", {"max_features_allowed": "7"}).status_code == 403
    )
    assert Project.objects.get().max_features_allowed != 7


def test_what_is_read_only_cannot_be_added_changed_or_deleted(console):
    for path in set(paths()) - WRITTEN:
        assert console.get(f"{path}add/").status_code == 403, path
        assert console.get(f"{path}1/delete/").status_code in {302, 403, 404}, path


def test_rules_of_signing_in_are_written_and_told(console, operator):
    assert post(console, f"{RULES}add/", domain="ACME.com", methods=["saml", "oidc"]).status_code == 302
    (row,) = SignInRule.objects.all()
    assert (row.domain, row.methods) == ("acme.com", ["saml", "oidc"])

    path = f"{RULES}{row.pk}/"
    assert "selected>oidc" in console.get(f"{path}change/").content.decode()
    assert post(console, f"{path}change/", domain="acme.com", methods=["ldap"]).status_code == 302
    row.refresh_from_db()
    assert row.methods == ["ldap"]

    for wrong in ({"domain": "acme.com", "methods": ["ldap"]}, {"domain": "no domain", "methods": ["ldap"]}):
        assert post(console, f"{RULES}add/", **wrong).status_code == 200
    assert post(console, f"{RULES}add/", domain="x.com", methods=["telnet"]).status_code == 200

    assert post(console, f"{path}delete/", post="yes").status_code == 302
    assert not SignInRule.objects.exists()
    assert Event.objects.filter(type="sign_in_rule.changed", actor_id=operator.pk).count() == 3


def test_no_page_shows_what_is_secret(console, operator):
    _, text = a_server_key(an_environment())
    operator.refresh_from_db()
    for path in [*paths(), f"/admin/accounts/user/{operator.pk}/change/"]:
        page = console.get(path).content.decode()
        assert operator.password not in page
        assert operator.email_key not in page
        assert text not in page


def test_failed_sign_ins_lock_as_everywhere(operator, settings):
    for _ in range(settings.SIGN_IN.axes_failure_limit):
        entered(operator.email, "wrong")
    LoginThrottle.forget()
    assert settings.SIGN_IN.enable_axes is False or COOKIE not in entered(operator.email).cookies


def test_sign_ins_are_throttled(operator, settings):
    settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "DEFAULT_THROTTLE_RATES": {"login": "1/min"}}
    entered(operator.email, "wrong")
    client = Client()
    assert client.post("/admin/login/", {"email": operator.email, "password": PASSWORD}).status_code == 429
