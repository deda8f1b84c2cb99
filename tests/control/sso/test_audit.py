"""What happens to accounts stands in the audit log of each organisation of the person."""

import pytest
from msgspec.structs import replace

from burgee.control.accounts.records import oneself
from burgee.control.audit.models import AuditLog
from burgee.control.audit.queries import verify
from burgee.control.events import relay
from burgee.control.events.models import Event
from burgee.control.kit.sso_settings import Methods
from burgee.control.sso import glass, links
from burgee.control.sso.environment import note_changes
from burgee.control.sso.models import KnownEnvironment
from burgee.control.sso.policies import change_rule, create_rule, delete_rule
from burgee.control.sso.telling import tell_organisations
from burgee.control.worker.consumers import CONSUMERS
from tests.control.sso.sources import a_person, come, of, of_server, user_of, with_key
from tests.factories.accounts import a_user
from tests.factories.organisations import a_member

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


@pytest.mark.database
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
    assert AuditLog.objects.get(organisation_id=acme.pk).is_system_event


def test_failures_of_strangers_are_told_to_no_organisation(anybody, ada, acme, other):
    logs_in(anybody, "nobody@example.com", "wrong")

    assert [logs(acme), logs(other)] == [[], []]


@pytest.mark.database
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


@pytest.mark.database
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


@pytest.mark.database
def test_a_rule_is_told_where_somebody_has_such_an_address_with_old_and_new(ada, acme, other):
    a_member(other, a_user("eve@elsewhere.com"))
    operator = a_user("root@operators.example", is_superuser=True)
    rule = create_rule("Example.com", ["saml"], actor=oneself(operator))
    change_rule(rule, methods=["saml", "password"], actor=oneself(operator))
    change_rule(rule, domain="elsewhere.com", actor=oneself(operator))
    delete_rule(rule, actor=oneself(operator))

    assert logs(acme) == [
        "Rule of signing in created: people of example.com may use SAML only",
        "Rule of signing in updated: people of example.com may use a password, SAML only; before: SAML",
        (
            "Rule of signing in updated: people of elsewhere.com may use a password, SAML only; "
            "before: a password, SAML, for people of example.com"
        ),
    ]
    told = logs(other)
    assert len(told) == 2
    assert told[-1] == "Rule of signing in deleted: people of elsewhere.com could use a password, SAML only"
    row = AuditLog.objects.filter(organisation_id=acme.pk).order_by("position")[1]
    assert row.author_label == operator.email
    assert row.details == [{"field": "methods", "old": '["saml"]', "new": '["password", "saml"]'}]
    assert list(verify()) == []


@pytest.mark.database
def test_the_rule_for_everybody_else_is_told_everywhere(ada, acme, other):
    create_rule("*", ["github"], actor=oneself(ada))

    line = "Rule of signing in created: people without a rule of their domain may use GitHub only"
    assert [logs(acme), logs(other)] == [[line], [line]]


@pytest.mark.database
def test_a_domain_beyond_ascii_is_found_in_either_spelling(ada, acme, other):
    a_member(other, a_user("grace@bücher.example"))

    create_rule("bücher.example", ["saml"], actor=oneself(ada))

    assert logs(acme) == []
    assert logs(other) == ["Rule of signing in created: people of xn--bcher-kva.example may use SAML only"]


@pytest.mark.database
def test_the_broken_glass_is_told_until_it_is_taken_back(ada, acme):
    type(ada).objects.filter(pk=ada.pk).update(is_superuser=True)
    ada.refresh_from_db()
    glass.allow(ada, hours=1)

    assert glass.end(ada) is True
    assert glass.end(ada) is False

    told = logs(acme)
    assert len(told) == 2
    assert told[-1] == f"User #{ada.pk} may no longer sign in by password: the break-glass access was taken back"


def test_what_the_operator_changes_in_the_environment_is_told_everywhere(ada, acme, other, settings):
    note_changes()
    note_changes()
    assert logs(acme) == []
    settings.SSO = replace(settings.SSO, methods=Methods("saml,github"), break_glass_emails=("root@example.com",))
    settings.CONTROL = replace(settings.CONTROL, prevent_signup=True)

    note_changes()
    note_changes()

    line = (
        "Sign-in settings of the server changed: BURGEE_SIGN_IN_METHODS from nothing to saml, github, "
        "BURGEE_BREAK_GLASS_EMAILS from 0 to 1, PREVENT_SIGNUP from false to true"
    )
    assert [logs(acme), logs(other)] == [[line], [line]]
    row = AuditLog.objects.filter(organisation_id=acme.pk).get()
    assert {"field": "PREVENT_SIGNUP", "old": False, "new": True} in row.details
    assert list(verify()) == []


@pytest.mark.database
def test_a_variable_of_a_newer_release_is_no_change(ada, acme):
    note_changes()
    known = KnownEnvironment.objects.get()
    del known.said["PREVENT_SIGNUP"]
    known.save()

    note_changes()

    assert logs(acme) == []
    assert "PREVENT_SIGNUP" in KnownEnvironment.objects.get().said
