r"""Names as Active Directory has them: ``DOMAIN\user`` and ``user@domain``, over a tree of its shape."""

import pytest

from burgee.control.accounts.models import User
from burgee.control.kit.ldap_settings import UserFields
from tests.control.ldap.front import a_doorstep
from tests.services.slapd import ADMIN, ADMIN_PASSWORD, BASE, PEOPLE

FORMAT = "burgee.ldap.format_username_active_directory"
LIBRARY = "django_python3_ldap.utils.format_username_active_directory"
FIELDS = UserFields("username=sAMAccountName,first_name=givenName,last_name=sn,email=mail")
GUID = bytes.fromhex("0123456789abcdef0123456789abcdef")


@pytest.fixture
def domain(directory, configured):
    """Grace and Max of the domain; what each binds as leads to their entries."""
    people = {"grace": GUID, "max": GUID[::-1]}
    names = {}
    for name, guid in people.items():
        dn = directory.add(
            f"cn={name.title()} Hopper,{PEOPLE}",
            "user",
            cn=f"{name.title()} Hopper",
            sn="Hopper",
            givenName=name.title(),
            sAMAccountName=name,
            userPrincipalName=f"{name}@corp.acme.example",
            objectGUID=guid,
            mail=f"{name}.hopper@acme.example",
            userPassword=f"{name}'s password",
        )
        names |= {f"acme\\{name}": dn, f"{name}@corp.acme.example": dn}
    directory.delete(f"uid=grace,{PEOPLE}")
    with a_doorstep(directory.plain_port, names) as port:
        configured(url=f"ldap://localhost:{port}", user_fields=FIELDS, object_class="user")
        yield configured


def test_a_name_gets_its_domain_in_front(login, domain):
    domain(format_username=FORMAT, active_directory_domain="ACME")

    assert login("grace", "grace's password").status_code == 200
    assert login("ACME\\grace", "grace's password").status_code == 200
    assert login("max", "grace's password").status_code == 400
    assert User.objects.get().email == "grace.hopper@acme.example"


def test_a_name_gets_its_domain_behind(login, domain):
    domain(format_username=f"{LIBRARY}_principal", active_directory_domain="corp.acme.example")

    assert login("grace", "grace's password").status_code == 200
    assert login("grace@corp.acme.example", "grace's password").status_code == 200
    assert login("grace@elsewhere.example", "grace's password").status_code == 400
    assert User.objects.count() == 1


@pytest.mark.parametrize("name", ["ACME\\*", "*\\grace", "ACME\\grace)(cn=*", "ACME\\max\\grace", "ACME\\"])
def test_a_domain_in_a_name_opens_nothing_more(login, domain, name):
    domain(format_username=LIBRARY, active_directory_domain="ACME")

    assert login(name, "grace's password").status_code == 400


def test_people_are_found_by_any_of_their_names_when_searched_first(login, domain):
    domain(
        format_username=f"{LIBRARY}_principal",
        active_directory_domain="corp.acme.example",
        search_first=True,
        sync_username=ADMIN,
        sync_password=ADMIN_PASSWORD,
    )

    for name in ("grace", "grace@corp.acme.example", "grace.hopper@acme.example"):
        assert login(name, "grace's password").status_code == 200, name
    assert User.objects.count() == 1


@pytest.mark.parametrize("place", ["burgee.ldap", "flagsmith_ldap.ldap", "custom_auth.ldap"])
def test_the_login_group_keeps_everybody_else_out(login, domain, directory, place):
    group = f"cn=Flags,ou=groups,{BASE}"
    directory.add(group, "groupOfNames", cn="Flags", member=f"cn=Grace Hopper,{PEOPLE}")
    domain(
        format_username=LIBRARY,
        active_directory_domain="ACME",
        login_group=group,
        format_search_filters=f"{place}.login_group_search_filter",
    )

    assert login("grace", "grace's password").status_code == 200
    assert login("max", "max's password").status_code == 400
    directory.delete(group)
