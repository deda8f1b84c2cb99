"""Groups of the directory, mirrored at sign-in and by the command."""

import msgspec
import pytest
from django.core.management import CommandError, call_command

from burgee.cli import main
from burgee.control.accounts.models import User
from burgee.control.events.models import Event
from burgee.control.kit.actor import SYSTEM
from burgee.control.ldap.errors import DirectoryMisread, DirectorySilent
from burgee.control.ldap.names import member_of
from burgee.control.ldap.syncing import carry_out, planned
from burgee.control.organisations.groups import add_to_group, create_group
from burgee.control.organisations.models import GroupMembership, Membership, UserGroup
from tests.control.ldap.conftest import person
from tests.factories.accounts import a_user
from tests.factories.organisations import a_member
from tests.services.slapd import ADMIN, ADMIN_PASSWORD, BASE, PEOPLE

GRACE = f"uid=grace,{PEOPLE}"
MAKERS = f"cn=Makers,ou=groups,{BASE}"
OPS = f"cn=Ops,ou=groups,{BASE}"
UNIX = f"cn=unix,ou=groups,{BASE}"


@pytest.fixture
def groups(directory, configured):
    max_dn = person(directory, "max", "correct horse")
    directory.add(MAKERS, "groupOfNames", cn="Makers", member=GRACE)
    directory.add(OPS, "groupOfUniqueNames", cn="Ops", uniqueMember=max_dn)
    directory.add(UNIX, "posixGroup", cn="unix", gidNumber=1, memberUid="grace")
    configured(
        groups=f"{MAKERS}:{OPS}:{UNIX}",
        sync_user_relations="flagsmith_ldap.ldap.sync_user_groups",
        sync_username=ADMIN,
        sync_password=ADMIN_PASSWORD,
    )
    yield
    directory.delete(OPS)


def names_of(user: User) -> list[str]:
    rows = GroupMembership.objects.filter(user=user).values_list("group__name", flat=True)
    return sorted(rows)


def everything_planned() -> list[str]:
    return [step.told for step in planned()]


def synced() -> list[str]:
    steps = planned()
    for step in steps:
        carry_out(step)
    return [step.told for step in steps]


def test_groups_are_made_when_their_first_member_comes(login, groups, organisation):
    login("grace", "correct horse")

    grace = User.objects.get()
    assert names_of(grace) == ["Makers", "unix"]
    assert UserGroup.objects.get(name="Makers").external_id == MAKERS
    assert not UserGroup.objects.filter(name="Ops").exists()
    login("max", "correct horse")
    assert UserGroup.objects.filter(name="Ops", organisation=organisation).exists()


def test_groups_are_left_at_the_next_sign_in_and_groups_of_ours_stay(login, groups, organisation, directory):
    login("grace", "correct horse")
    grace = User.objects.get()
    own = create_group(organisation, "Own", actor=SYSTEM)
    of_another = create_group(organisation, "Of another", actor=SYSTEM, external_id="saml-group")
    for group in (own, of_another):
        add_to_group(group, [grace.pk], actor=SYSTEM)
    directory.change(MAKERS, member=[f"uid=max,{PEOPLE}"])

    login("grace", "correct horse")

    assert names_of(grace) == ["Of another", "Own", "unix"]


def test_without_the_function_no_group_is_touched(login, groups, configured):
    configured(sync_user_relations="django_python3_ldap.utils.sync_user_relations")

    login("grace", "correct horse")

    assert not UserGroup.objects.exists()


def test_without_a_reading_user_people_read_their_own_groups(login, groups, configured):
    configured(sync_username="", sync_password="")

    login("grace", "correct horse")

    assert names_of(User.objects.get()) == ["Makers", "unix"]


def test_the_reading_user_may_be_named_like_people(login, groups, configured):
    configured(sync_username="max", sync_password="correct horse")

    login("grace", "correct horse")

    assert names_of(User.objects.get()) == ["Makers", "unix"]


def test_who_is_gone_goes_and_who_never_was_there_stays(login, groups, directory):
    login("grace", "correct horse")
    a_user("ada@example.com", "x")
    directory.delete(GRACE)

    assert everything_planned()[0] == "remove grace@acme.example: gone from the directory"
    assert User.objects.count() == 2
    synced()

    assert [user.email for user in User.objects.all()] == ["ada@example.com"]
    assert Event.objects.filter(type="user.changed").exists()
    assert "remove" not in str(everything_planned())


def test_who_administers_alone_is_kept(login, groups, organisation, directory):
    login("grace", "correct horse")
    Membership.objects.update(role="ADMIN")
    directory.delete(GRACE)

    assert everything_planned() == [
        "keep grace@acme.example: gone from the directory, but somebody must administer this"
    ]
    a_member(organisation, a_user(), "ADMIN")
    assert "remove grace@acme.example" in everything_planned()[0]


def test_members_are_sorted_and_vanished_groups_deleted(login, groups, directory):
    login("grace", "correct horse")
    login("max", "correct horse")
    directory.change(MAKERS, member=[f"uid=max,{PEOPLE}"])
    directory.delete(UNIX)

    assert synced() == [
        "take grace@acme.example out of group Makers",
        "add max@acme.example to group Makers",
        "delete group unix: gone from the directory",
    ]
    assert everything_planned() == []


def test_a_directory_that_lists_nobody_empties_nothing(login, groups, configured):
    login("grace", "correct horse")
    configured(object_class="account")

    with pytest.raises(DirectoryMisread, match="lists nobody"):
        planned()


def test_a_directory_that_is_down_empties_nothing(login, groups, configured):
    configured(sync_password="wrong")

    with pytest.raises(DirectorySilent):
        planned()


def test_more_people_than_a_page_holds_are_all_seen(login, groups, directory, monkeypatch):
    from burgee.control.ldap import directory as lines

    monkeypatch.setattr(lines, "PAGE", 3)
    for number in range(10):
        person(directory, f"p{number}", "x")
    login("grace", "correct horse")

    assert everything_planned() == []


def test_the_command_says_what_it_would_do_and_then_does_it(login, groups, directory, capsys, settings, monkeypatch):
    monkeypatch.setattr("burgee.cli.migrate.check_connection", lambda: None)
    login("grace", "correct horse")
    directory.delete(GRACE)

    assert main(["sync_ldap_users_and_groups", "--dry-run"]) == 0
    assert capsys.readouterr().out.startswith("would remove grace@acme.example: gone from the directory\n")
    assert User.objects.count() == 1
    assert main(["sync_ldap_users_and_groups"]) == 0
    assert User.objects.count() == 0

    settings.LDAP = msgspec.structs.replace(settings.LDAP, url="")
    assert main(["sync_ldap_users_and_groups"]) == 1
    assert "LDAP_AUTH_URL" in capsys.readouterr().err


def test_it_runs_in_the_form_of_manage_py_too(login, groups, directory, capsys, monkeypatch):
    login("grace", "correct horse")
    directory.delete(GRACE)

    assert main(["manage", "sync_ldap_users_and_groups", "--dry-run"]) == 0
    assert capsys.readouterr().out.startswith("would remove grace@acme.example: gone from the directory\n")
    assert User.objects.count() == 1
    call_command("sync_ldap_users_and_groups")
    assert User.objects.count() == 0


def test_what_goes_wrong_there_is_said(configured):
    configured(url="")

    with pytest.raises(CommandError, match="LDAP_AUTH_URL"):
        call_command("sync_ldap_users_and_groups")


def test_groups_in_groups_count_when_they_shall(login, groups, directory, configured):
    outer = directory.add(f"cn=Outer,ou=groups,{BASE}", "groupOfNames", cn="Outer", member=MAKERS)
    outermost = directory.add(f"cn=Outermost,ou=groups,{BASE}", "groupOfNames", cn="Outermost", member=[outer, OPS])
    directory.change(outer, member=[MAKERS, outermost])  # In a circle, too.
    configured(groups=f"{MAKERS}:{outermost}:{OPS}")
    login("grace", "correct horse")
    assert names_of(User.objects.get()) == ["Makers"]

    configured(nested_groups=True)
    login("grace", "correct horse")
    assert names_of(User.objects.get()) == ["Makers", "Outermost"]

    directory.change(MAKERS, member=[f"uid=max,{PEOPLE}"])
    assert synced() == [
        "take grace@acme.example out of group Makers",
        "take grace@acme.example out of group Outermost",
    ]


def test_active_directory_is_asked_by_its_own_rule(configured):
    configured(nested_groups=True, format_username="django_python3_ldap.utils.format_username_active_directory")
    assert member_of("cn=x") == "(memberOf:1.2.840.113556.1.4.1941:=cn=x)"

    configured(format_username="django_python3_ldap.utils.format_username_openldap")
    assert member_of("cn=x") == "(memberOf=cn=x)"


def test_openldap_does_not_know_that_rule(directory, groups):
    """Were it ever learned there, the walk would not be needed."""
    with directory.administered() as connection:
        connection.search(PEOPLE, f"(memberOf:1.2.840.113556.1.4.1941:={MAKERS})")
        assert connection.entries == []
        connection.search(PEOPLE, f"(memberOf={MAKERS})")
        assert [entry.entry_dn for entry in connection.entries] == [GRACE]
