"""Setting providers up, changing and removing them."""

import pytest

from burgee.control.events.models import Event
from burgee.control.kit.secrets import decrypt
from burgee.control.oidc.models import OidcProvider
from burgee.control.sso.models import Link
from tests.control.oauth.conftest import with_header
from tests.control.oauth.elsewhere import ISSUER, URL
from tests.control.oidc.issuer import signed_in
from tests.factories.accounts import a_token, a_user
from tests.factories.organisations import a_member, an_organisation

INPUT = {"name": "Acme ID", "slug": "acme", "issuer": ISSUER, "client_id": "burgee", "client_secret": "s3cret"}


def place(organisation, row=None) -> str:
    return f"/api/v1/organisations/{organisation.pk}/oidc/" + (f"{row}/" if row else "")


def test_an_administrator_sets_one_up_and_is_told_the_addresses_but_never_the_secret(api, organisation, issuer):
    made = api.post(place(organisation), INPUT, format="json")

    assert made.status_code == 201
    told = made.json()
    assert told["callback_url"] == "http://localhost:8000/api/v1/auth/oidc/acme/callback/"
    assert told["start_url"] == "http://localhost:8000/api/v1/auth/oidc/acme/start/"
    assert (told["has_client_secret"], told["require_verified_email"], told["joins"]) == (True, True, True)
    row = OidcProvider.objects.get()
    assert decrypt(row.client_secret_ciphertext) == "s3cret"
    event = Event.objects.get(type="oidc_provider.created")
    for text in (made.content.decode(), str(vars(row)), str(event.payload)):
        assert "s3cret" not in text
    assert api.get(place(organisation)).json()["results"] == [told]
    assert api.get(place(organisation, told["id"])).json() == told


def test_who_is_no_administrator_of_that_organisation_sees_nothing(organisation, provider):
    member, stranger = a_user(), a_user()
    a_member(organisation, member)
    a_member(an_organisation(), stranger, "ADMIN")
    for user in (member, stranger):
        theirs = with_header(f"Token {a_token(user)}")
        for path in (place(organisation), place(organisation, provider.pk)):
            assert theirs.get(path).status_code == 403


def test_an_administrator_of_two_organisations_does_not_find_the_one_in_the_other(api, admin, provider):
    other = an_organisation()
    a_member(other, admin, "ADMIN")

    assert api.get(place(other, provider.pk)).status_code == 404
    assert api.delete(place(other, provider.pk)).status_code == 404


WRONG = {
    "plain http": ({"issuer": "http://id.acme.example"}, "issuer"),
    "no address": ({"issuer": "acme"}, "issuer"),
    "with a query": ({"issuer": f"{ISSUER}?x=1"}, "issuer"),
    "with a password": ({"issuer": "https://u:p@id.acme.example"}, "issuer"),
    "this machine": ({"issuer": "https://127.0.0.1/"}, "issuer"),
    "an inner network": ({"issuer": "https://10.0.0.7/"}, "issuer"),
    "nobody there": ({"issuer": f"{URL}/nowhere"}, "issuer"),
    "slug with a slash": ({"slug": "a/b"}, "slug"),
    "slug of the server": ({"slug": "company"}, "slug"),
    "slug of a route": ({"slug": "login"}, "slug"),
    "slug of two lines": ({"slug": "acme\n"}, "slug"),
    "capital slug": ({"slug": "Acme"}, "slug"),
    "scopes without openid": ({"scopes": "email"}, "scopes"),
    "scopes of two lines": ({"scopes": "openid\nemail"}, "scopes"),
    "unknown role": ({"role": "OWNER"}, "role"),
    "no name": ({"name": ""}, "name"),
}


@pytest.mark.parametrize(("facts", "field"), WRONG.values(), ids=WRONG.keys())
def test_what_is_wrong_is_said_at_the_field(api, organisation, issuer, facts, field):
    answer = api.post(place(organisation), INPUT | facts, format="json")

    if facts.get("slug") == "acme\n":
        # White space at the end is cut off before anything is looked at.
        assert answer.json()["slug"] == "acme"
        return
    assert (answer.status_code, list(answer.json())) == (400, [field])
    assert not OidcProvider.objects.exists()


@pytest.mark.parametrize(
    "facts",
    [
        {"issuer": f"{URL}/other"},
        {"authorization_endpoint": f"{URL.replace('https', 'http')}/authorize"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"authorization_endpoint": None},
        {"token_endpoint": 7},
        {"token_endpoint": "https://\\@evil"},
    ],
)
def test_an_issuer_that_says_odd_things_of_itself_is_refused(api, organisation, issuer, facts):
    issuer.says(**facts)

    answer = api.post(place(organisation), INPUT, format="json")

    assert (answer.status_code, list(answer.json())) == (400, ["issuer"])


def test_two_providers_never_share_an_address(api, provider, organisation):
    other = an_organisation()
    theirs = a_user()
    a_member(other, theirs, "ADMIN")

    answer = with_header(f"Token {a_token(theirs)}").post(place(other), INPUT, format="json")

    assert (answer.status_code, list(answer.json())) == (400, ["slug"])


def test_a_secret_that_is_left_out_stays_and_an_empty_one_goes(api, provider, organisation):
    api.patch(place(organisation, provider.pk), {"name": "New"}, format="json")
    provider.refresh_from_db()
    assert (provider.name, decrypt(provider.client_secret_ciphertext)) == ("New", "s:cret/ö")

    told = api.patch(place(organisation, provider.pk), {"client_secret": ""}, format="json").json()
    assert told["has_client_secret"] is False


def test_another_issuer_never_gets_the_secret_of_the_first_and_knows_nobody(
    api, browser, issuer, provider, organisation
):
    signed_in(browser, issuer)
    assert Link.objects.count() == 1
    issuer.elsewhere.answers["/evil/.well-known/openid-configuration"] = lambda _: (
        200,
        issuer.facts | {"issuer": f"{URL}/evil"},
    )

    changed = api.patch(place(organisation, provider.pk), {"issuer": f"{URL}/evil"}, format="json")

    assert (changed.status_code, changed.json()["has_client_secret"]) == (200, False)
    assert Link.objects.count() == 0


def test_nothing_changed_is_no_event(api, provider, organisation):
    api.patch(place(organisation, provider.pk), {"name": provider.name}, format="json")

    assert not Event.objects.filter(type="oidc_provider.changed").exists()


def test_a_removed_provider_lets_nobody_in(api, browser, issuer, provider, organisation):
    signed_in(browser, issuer)

    assert api.delete(place(organisation, provider.pk)).status_code == 204

    assert browser.get("/api/v1/auth/oidc/acme/start/").status_code == 404
    assert Link.objects.count() == 0
    assert Event.objects.filter(type="oidc_provider.deleted").exists()


def test_listing_many_costs_no_more_than_listing_one(api, organisation, provider, django_assert_max_num_queries):
    for number in range(20):
        OidcProvider.objects.create(
            organisation=organisation, name="x", slug=f"x{number}", issuer=ISSUER, client_id="x"
        )

    with django_assert_max_num_queries(8):
        api.get(place(organisation))


def test_the_sign_in_page_shows_the_provider_of_the_only_organisation(anybody, provider):
    def shown():
        return [door for door in anybody.get("/api/v1/auth/methods/").json() if door["method"] == "oidc"]

    (door,) = shown()
    assert (door["name"], door["start_url"]) == ("Acme ID", "http://localhost:8000/api/v1/auth/oidc/acme/start/")

    an_organisation()
    assert shown() == []
