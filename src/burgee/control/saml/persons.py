"""From what an identity provider tells to a person: which attribute means what."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator

from burgee.control.saml.assertions import Told
from burgee.control.saml.errors import ResponseRefused
from burgee.control.sso.people import Person

CLAIMS: Final = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/"
MICROSOFT: Final = "http://schemas.microsoft.com/"

SUBJECTS: Final = (
    "subject-id",
    "urn:oasis:names:tc:SAML:attribute:subject-id",
    "uid",
    "urn:oid:0.9.2342.19200300.100.1.1",
)
"""Names for somebody that never change, the best first; after them comes the NameID."""

USUAL: Final[Mapping[str, tuple[str, ...]]] = {
    "email": (
        "mail",
        "email",
        "emailAddress",
        "urn:oid:0.9.2342.19200300.100.1.3",
        "urn:mace:dir:attribute-def:mail",
        f"{CLAIMS}emailaddress",
    ),
    "first_name": (
        "gn",
        "givenName",
        "firstName",
        "first_name",
        "urn:oid:2.5.4.42",
        "urn:mace:dir:attribute-def:givenName",
        f"{CLAIMS}givenname",
    ),
    "last_name": (
        "sn",
        "surname",
        "lastName",
        "last_name",
        "urn:oid:2.5.4.4",
        "urn:mace:dir:attribute-def:sn",
        f"{CLAIMS}surname",
    ),
    "groups": ("groups", f"{MICROSOFT}ws/2008/06/identity/claims/groups", "http://schemas.xmlsoap.org/claims/Group"),
}
"""What providers call these when nobody says otherwise, the first that is there."""

DISPLAY_NAMES: Final = ("displayName", "urn:oid:2.16.840.1.113730.3.1.241", f"{MICROSOFT}identity/claims/displayname")
TOO_MANY_GROUPS: Final = f"{MICROSOFT}claims/groups.link"
"""Entra ID names this instead of the groups of somebody who is in more than it tells."""

LONGEST_NAME: Final = 150
LONGEST_ADDRESS: Final = 254
MOST_GROUPS: Final = 1000

Mappings = Mapping[str, Sequence[str]]
"""The names of the provider's attributes by field; a field that is in here has no other names."""


def person(told: Told, mappings: Mappings, *, name_id_is_email: bool) -> Person:
    """Whom the assertion means; ResponseRefused when it does not say."""
    email = _first(told, _names("email", mappings))
    if not email and name_id_is_email:
        email = told.name_id
    try:
        EmailValidator()(email)
    except ValidationError as error:
        raise ResponseRefused(why="it tells no e-mail address; add one to the attributes, or map it.") from error
    if len(email) > LONGEST_ADDRESS:
        raise ResponseRefused(why="its e-mail address is too long.")
    first_name, _, last_name = _first(told, DISPLAY_NAMES).partition(" ")
    return Person(
        email=email,
        subject=_subject(told, email),
        first_name=_name(_first(told, _names("first_name", mappings)) or first_name),
        last_name=_name(_first(told, _names("last_name", mappings)) or last_name),
        groups=_groups(told, mappings),
        has_second_factor=told.has_second_factor,
    )


def _subject(told: Told, email: str) -> str:
    """With its kind, so that nobody's NameID is somebody else's uid."""
    for name in SUBJECTS:
        found = _first(told, (name,))
        if found:
            return f"{SUBJECTS.index(name) // 2}:{found}"
    if told.name_id and not told.name_id_is_transient:
        return f"nameid:{told.name_id}"
    return f"email:{email.casefold()}"


def _groups(told: Told, mappings: Mappings) -> tuple[str, ...] | None:
    """None when nothing is said; whoever maps groups means that an absent attribute is no groups."""
    names = _names("groups", mappings)
    found = [values for name, friendly, values in told.attributes if name in names or friendly in names]
    if not found and any(TOO_MANY_GROUPS in (name, friendly) for name, friendly, _ in told.attributes):
        return None
    if not found and "groups" not in mappings:
        return None
    return tuple(dict.fromkeys(value for values in found for value in values))[:MOST_GROUPS]


def _names(field: str, mappings: Mappings) -> Sequence[str]:
    return mappings.get(field) or USUAL[field]


def _first(told: Told, names: Iterable[str]) -> str:
    """The first value of the first of `names` that an attribute has, as its name before as its friendly name."""
    for name in names:
        for place in (0, 1):
            for attribute in told.attributes:
                if attribute[place] == name and attribute[2]:
                    return attribute[2][0]
    return ""


def _name(text: str) -> str:
    return "".join(sign for sign in text if sign.isprintable())[:LONGEST_NAME]
