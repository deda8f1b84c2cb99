"""What end-to-end tests left behind goes on request, and nothing else."""

import pytest
from django.test import override_settings

from burgee.control.accounts.models import User
from burgee.control.accounts.reserved import is_reserved
from burgee.control.events.models import Event
from burgee.control.organisations.models import Organisation
from burgee.control.settings import ControlSettings
from tests.factories.accounts import a_user
from tests.factories.organisations import a_member, an_organisation

TOKEN = "let-me-tidy-up"


@pytest.fixture
def _open():
    with override_settings(CONTROL=ControlSettings(enable_fe_e2e=True, e2e_test_auth_token=TOKEN)):
        yield


def tear_down(anybody, token=TOKEN):
    headers = {} if token is None else {"X-E2E-Test-Auth-Token": token}
    return anybody.post("/api/v1/e2etests/teardown/", headers=headers)


def an_organisation_of(*emails):
    organisation = an_organisation()
    for email in emails:
        a_member(organisation, User.objects.with_email(email) or a_user(email), "ADMIN")
    return organisation


@pytest.mark.parametrize(
    "email",
    ["a@example.com", "a@EXAMPLE.org", "a@mail.example.net", "a@shop.test", "a@b.invalid", "a@b.example", "a@test"],
)
def test_domains_for_tests_are_known(email):
    assert is_reserved(email)


@pytest.mark.parametrize(
    "email", ["a@example.de", "a@myexample.com", "a@example.com.org", "test@acme.com", "a@contest", "example.com@a.io"]
)
def test_domains_of_real_people_are_left_alone(email):
    assert not is_reserved(email)


@pytest.mark.database
@pytest.mark.usefixtures("_open")
def test_organisations_and_users_of_tests_go(anybody):
    an_organisation_of("ada@example.com", "bob@shop.test")

    assert tear_down(anybody).status_code == 204
    assert not Organisation.objects.living().exists()
    assert not User.objects.exists()
    told = [event.type for event in Event.objects.order_by("id")]
    assert told == ["organisation.deleted", "user.changed", "user.changed"]


@pytest.mark.database
@pytest.mark.usefixtures("_open")
def test_real_people_their_organisations_and_who_is_in_them_stay(anybody):
    mixed = an_organisation_of("ada@example.com", "grace@acme.io")
    real = an_organisation_of("grace@acme.io")
    nobodys = an_organisation()
    an_organisation_of("ada@example.com")
    a_user("alone@acme.io")

    assert tear_down(anybody).status_code == 204
    assert set(Organisation.objects.living()) == {mixed, real, nobodys}
    assert set(User.objects.values_list("email", flat=True)) == {"ada@example.com", "grace@acme.io", "alone@acme.io"}


@pytest.mark.usefixtures("_open")
def test_a_superuser_stays_so_that_nobody_else_claims_the_server(anybody):
    a_user("root@example.com", is_superuser=True)

    assert tear_down(anybody).status_code == 204
    assert User.objects.get().email == "root@example.com"


@pytest.mark.database
@pytest.mark.usefixtures("_open")
def test_nothing_is_seeded(anybody):
    tear_down(anybody)

    assert not User.objects.exists()
    assert not Organisation.objects.exists()


@pytest.mark.usefixtures("_open")
@pytest.mark.parametrize("token", [None, "", "wrong", f"{TOKEN} ", "wröng"])
def test_another_token_is_refused(anybody, token):
    an_organisation_of("ada@example.com")

    assert tear_down(anybody, token).status_code == 401
    assert Organisation.objects.living().exists()


@pytest.mark.parametrize(
    "control",
    [
        ControlSettings(),
        ControlSettings(enable_fe_e2e=True),
        ControlSettings(e2e_test_auth_token=TOKEN),
    ],
)
@pytest.mark.parametrize("token", [None, "", TOKEN])
def test_it_is_not_there_unless_both_settings_are_given(anybody, control, token):
    an_organisation_of("ada@example.com")

    with override_settings(CONTROL=control):
        assert tear_down(anybody, token).status_code == 404
    assert Organisation.objects.living().exists()
