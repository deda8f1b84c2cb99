"""Which attribute of an identity provider means what."""

from datetime import UTC, datetime

import pytest

from burgee.control.saml.assertions import Told
from burgee.control.saml.errors import ResponseRefused
from burgee.control.saml.persons import person

CLAIMS = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/"
GROUPS = "http://schemas.microsoft.com/ws/2008/06/identity/claims/groups"


def told(*attributes: tuple[str, str, tuple[str, ...]], name_id: str = "u-1", transient: bool = False) -> Told:
    return Told(
        assertion_id="_a",
        in_response_to=None,
        spent_until=datetime(2030, 1, 1, tzinfo=UTC),
        name_id=name_id,
        name_id_is_transient=transient,
        attributes=attributes,
        has_second_factor=False,
    )


def means(said: Told, mappings=None, *, name_id_is_email: bool = False):
    return person(said, mappings or {}, name_id_is_email=name_id_is_email)


@pytest.mark.parametrize(
    "name",
    ["mail", "email", "emailAddress", f"{CLAIMS}emailaddress", "urn:oid:0.9.2342.19200300.100.1.3"],
)
def test_the_usual_names_of_an_address_are_known(name) -> None:
    assert means(told((name, "", ("g@acme.example",)))).email == "g@acme.example"


def test_a_friendly_name_serves_too() -> None:
    assert means(told(("urn:oid:1.2.3", "mail", ("g@acme.example",)))).email == "g@acme.example"


def test_of_several_addresses_the_first_counts() -> None:
    assert means(told(("mail", "", ("g@acme.example", "h@acme.example")))).email == "g@acme.example"


@pytest.mark.parametrize(
    ("attributes", "names"),
    [
        ([("gn", "", ("Grace",)), ("sn", "", ("Hopper",))], ("Grace", "Hopper")),
        ([(f"{CLAIMS}givenname", "", ("Grace",)), (f"{CLAIMS}surname", "", ("Hopper",))], ("Grace", "Hopper")),
        ([("displayName", "", ("Grace Brewster Hopper",))], ("Grace", "Brewster Hopper")),
        ([("displayName", "", ("Grace",))], ("Grace", "")),
        ([("gn", "", ("G\u202erace" * 50,))], (("Grace" * 50)[:150], "")),
        ([], ("", "")),
    ],
)
def test_names_come_from_their_attributes_or_the_display_name(attributes, names) -> None:
    found = means(told(("mail", "", ("g@acme.example",)), *attributes))

    assert (found.first_name, found.last_name) == names


def test_a_mapping_takes_the_place_of_the_usual_names() -> None:
    """People may edit what stands in the usual attribute."""
    said = told(("mail", "", ("admin@acme.example",)), ("corp", "", ("g@acme.example",)))

    assert means(said, {"email": ["corp"]}).email == "g@acme.example"
    with pytest.raises(ResponseRefused):
        means(told(("mail", "", ("admin@acme.example",))), {"email": ["corp"]})


def test_the_name_id_is_an_address_only_when_the_operator_says_so() -> None:
    said = told(name_id="g@acme.example")

    assert means(said, name_id_is_email=True).email == "g@acme.example"
    with pytest.raises(ResponseRefused):
        means(said)


@pytest.mark.parametrize(
    ("attributes", "subject"),
    [
        ([("subject-id", "", ("s1",)), ("uid", "", ("u1",))], "0:s1"),
        ([("urn:oasis:names:tc:SAML:attribute:subject-id", "", ("s1",))], "0:s1"),
        ([("uid", "", ("u1",))], "1:u1"),
        ([("urn:oid:0.9.2342.19200300.100.1.1", "uid", ("u1",))], "1:u1"),
        ([("uid", "", ())], "nameid:u-1"),
        ([], "nameid:u-1"),
    ],
)
def test_who_it_is_stands_in_the_best_identifier(attributes, subject) -> None:
    assert means(told(("mail", "", ("g@acme.example",)), *attributes)).subject == subject


def test_a_name_for_one_session_is_nobody() -> None:
    said = told(("mail", "", ("G@acme.example",)), name_id="_random", transient=True)

    assert means(said).subject == "email:g@acme.example"


def test_a_name_id_is_not_somebody_elses_uid() -> None:
    by_name_id = means(told(("mail", "", ("g@acme.example",)), name_id="7"))
    by_uid = means(told(("mail", "", ("g@acme.example",)), ("uid", "", ("7",)), name_id="8"))

    assert by_name_id.subject != by_uid.subject


@pytest.mark.parametrize(
    ("attributes", "mappings", "groups"),
    [
        ([], {}, None),
        ([("groups", "", ("a", "b", "a"))], {}, ("a", "b")),
        ([("groups", "", ("a",)), ("groups", "", ("b",))], {}, ("a", "b")),
        ([("groups", "", ())], {}, ()),
        ([(GROUPS, "", ("a",))], {}, ("a",)),
        ([], {"groups": ["teams"]}, ()),
        ([("teams", "", ("a",)), ("groups", "", ("b",))], {"groups": ["teams"]}, ("a",)),
        ([("http://schemas.microsoft.com/claims/groups.link", "", ("https://x",))], {"groups": ["teams"]}, None),
    ],
)
def test_groups_are_those_that_are_told(attributes, mappings, groups) -> None:
    assert means(told(("mail", "", ("g@acme.example",)), *attributes), mappings).groups == groups


def test_too_many_groups_end_somewhere() -> None:
    many = tuple(str(number) for number in range(5000))

    found = means(told(("mail", "", ("g@acme.example",)), ("groups", "", many)))

    assert found.groups is not None
    assert len(found.groups) == 1000


@pytest.mark.parametrize("email", ["", "x", "a@b", f"{'x' * 250}@acme.example", "a b@acme.example", "a@acme.example\n"])
def test_what_is_no_address_is_refused(email) -> None:
    with pytest.raises(ResponseRefused):
        means(told(("mail", "", (email,) if email else ())))
