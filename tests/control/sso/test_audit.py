"""What happens to accounts stands in the audit log of each organisation of the person."""

import pytest

from burgee.control.accounts.records import oneself
from burgee.control.audit.models import AuditLog
from burgee.control.audit.queries import verify
from burgee.control.events import relay
from burgee.control.events.models import Event
from burgee.control.sso import links
from burgee.control.sso.telling import tell_organisations
from burgee.control.worker.consumers import CONSUMERS
from tests.control.sso.sources import a_person, come, of, of_server, user_of, with_key
from tests.factories.accounts import a_user
from tests.factories.organisations import a_member

pytestmark = pytest.mark.database

LOGIN = "/api/v1/auth/login/"


def settle() -> None:
    """Let everything that follows from events happen."""
    while relay.dispatch(CONSUMERS) + relay.deliver(CONSUMERS, owner="test"):
        continue


def logs(organisation) -> list[str]:
    settle()
    return list(
        AuditLog.objects.filter(organisation_id=organisation.pk).order_by("position").values_list("log", flat=True)
    )


def logs_in(client, email, password):
    return client.post(LOGIN, {"email": email, "password": password}, format="json")


def test_a_sign_in_is_told_in_every_organisation_of_the_person_and_in_no_other(anybody, ada, acme, other):
    third = type(acme).objects.create(name="Third")
    a_member(third, ada)

    logs_in(anybody, ada.email, "a-long-password-1")

    line = f"User #{ada.pk} signed in with a password"
    assert [logs(acme), logs(third), logs(other)] == [[line], [line], []]
    row = AuditLog.objects.filter(organisation_id=acme.pk).get()
    assert (row.author_kind, row.author_id, row.author_label) == ("user", ada.pk, ada.email)
    assert row.is_system_event is False
    original = Event.objects.get(type="user.signed_in", organisation_id=None)
    assert row.occurred_at == original.occurred_at
    assert list(verify()) == []


def test_failures_are_told_and_name_no_author(anybody, ada, acme):
    logs_in(anybody, ada.email, "wrong")

    assert logs(acme) == [f"User #{ada.pk} failed to sign in with a password: wrong password"]
    assert AuditLog.objects.get().is_system_event


def test_failures_of_strangers_are_told_nowhere(anybody, ada, acme):
    logs_in(anybody, "nobody@example.com", "wrong")

    assert logs(acme) == []
    assert not Event.objects.filter(type="user.sign_in_failed").exists()


def test_the_name_of_a_connection_is_for_its_own_organisation(ada, acme, other):
    user = a_user("grace@example.com", email_verified_at=ada.date_joined)
    a_member(other, user)
    links.link(user, a_person(), of(acme), explicit=True, actor=oneself(user))

    come(of(acme))

    assert f"User #{user.pk} signed in with SAML (saml:{acme.pk})" in logs(acme)
    told = logs(other)
    assert f"User #{user.pk} signed in with SAML" in told
    assert "saml:" not in f"{told} {list(AuditLog.objects.filter(organisation_id=other.pk).values_list('details'))}"


def test_a_refusal_is_told_to_the_organisations_of_the_account_and_not_to_the_one_that_tried(ada, acme, other):
    user = a_user("grace@example.com", email_verified_at=ada.date_joined)
    a_member(other, user)

    with pytest.raises(Exception, match="Sign in as usual"):
        come(of(acme))

    assert logs(acme) == []
    assert logs(other) == [f"User #{user.pk} failed to sign in with SAML: the connection may not open this account"]


def test_an_event_that_is_delivered_twice_is_told_once(anybody, ada, acme):
    logs_in(anybody, ada.email, "a-long-password-1")
    original = Event.objects.get(type="user.signed_in")

    tell_organisations(original)
    tell_organisations(original)
    for copied in Event.objects.filter(type="user.signed_in", organisation_id=acme.pk):
        tell_organisations(copied)

    assert len(logs(acme)) == 1
    assert Event.objects.filter(type="user.signed_in").count() == 2


def test_every_kind_of_event_of_an_account_reads_well(ada, acme, other, anybody):
    entry = come(of_server(default_organisation_id=acme.pk), has_second_factor=True)
    user = user_of(entry)
    client = with_key(entry.entered)
    client.post("/api/v1/users/me/sessions/end-others/")
    come(of_server())
    client.post("/api/v1/users/me/sessions/end-others/")

    told = logs(acme)

    assert f"User #{user.pk} is linked with GitHub" in told
    assert f"User #{user.pk} ended 1 of their sign-ins" in told
    assert not [line for line in told if line.startswith("User updated")]
    assert list(verify()) == []
