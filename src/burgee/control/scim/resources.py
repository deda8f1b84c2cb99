"""People and groups as SCIM shows them: of its core schemas only what is kept here.

This module loads the libraries of SCIM, which are large: it is imported when a directory asks.
"""

import hashlib
import json
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, ClassVar, Final

from pydantic import Field
from scim2_models import (
    CaseExact,
    ComplexAttribute,
    GroupMembership,
    InvalidValueException,
    Meta,
    Mutability,
    Reference,
    Required,
    Resource,
    Uniqueness,
)
from scim2_models.urn import URN

from burgee.control.accounts.models import User
from burgee.control.organisations.models import UserGroup
from burgee.control.scim.errors import ValueTooLong
from burgee.control.scim.groups import WantedGroup
from burgee.control.scim.models import ProvisionedUser
from burgee.control.scim.people import Wanted

LONGEST_NAME: Final = 200
LONGEST_TEXT: Final = 255
MOST_EMAILS: Final = 20

PERSON: Final = "User"
GROUP: Final = "Group"


class Name(ComplexAttribute):
    given_name: str | None = None
    family_name: str | None = None


class Email(ComplexAttribute):
    """Not checked as addresses are: it is shown again and never written to."""

    value: str | None = None
    display: str | None = None
    type: str | None = None
    primary: bool | None = None


class PersonResource(Resource[Any]):
    __schema__ = URN("urn:ietf:params:scim:schemas:core:2.0:User")

    user_name: Annotated[str | None, Uniqueness.server, Required.true] = None
    name: Name | None = None
    display_name: str | None = None
    active: bool | None = None
    emails: list[Email] | None = None
    groups: Annotated[list[GroupMembership] | None, Mutability.read_only] = None

    Name: ClassVar[type[ComplexAttribute]] = Name
    Emails: ClassVar[type[ComplexAttribute]] = Email
    Groups: ClassVar[type[ComplexAttribute]] = GroupMembership


class Member(ComplexAttribute):
    """Groups are not nested here. What clients call a member is not kept."""

    value: Annotated[str | None, Mutability.immutable, CaseExact.true] = None
    ref: Annotated[Reference["User"] | None, Mutability.immutable] = Field(
        None, serialization_alias="$ref", validation_alias="$ref"
    )
    type: Annotated[str | None, Mutability.immutable] = Field(None, examples=[PERSON])


class GroupResource(Resource[Any]):
    __schema__ = URN("urn:ietf:params:scim:schemas:core:2.0:Group")

    display_name: Annotated[str | None, Required.true, CaseExact.false] = None
    members: list[Member] | None = None

    Members: ClassVar[type[ComplexAttribute]] = Member


def person_facts(
    user: User, row: ProvisionedUser | None, *, joined: datetime | None, groups: Sequence[tuple[uuid.UUID, str]] | None
) -> dict[str, Any]:
    """`joined` is when the person became a member; None: they are suspended.

    `groups` with their names; None: they are not asked for, so that there is no version either.
    """
    known: Mapping[str, Any] = {"emails": [{"value": user.email, "type": "work", "primary": True}]}
    profile = row.profile if row is not None else known
    facts: dict[str, Any] = {
        "id": str(user.uuid),
        "externalId": row.external_id if row is not None else None,
        "userName": user.email,
        "name": {"givenName": user.first_name or None, "familyName": user.last_name or None},
        "displayName": profile.get("displayName"),
        "active": joined is not None,
        "emails": profile.get("emails") or None,
        "groups": [_link(GROUP, number) | {"display": name} for number, name in groups or ()] or None,
    }
    moments = (row.created_at, row.changed_at) if row is not None else (joined, joined)
    version = _version(facts) if groups is not None else None
    return facts | {"meta": Meta(resource_type=PERSON, created=moments[0], last_modified=moments[1], version=version)}


def group_facts(group: UserGroup, members: Sequence[uuid.UUID] | None) -> dict[str, Any]:
    """`members` None: they are not asked for."""
    facts: dict[str, Any] = {
        "id": str(group.uuid),
        "externalId": group.external_id,
        "displayName": group.name,
        "members": [_link(PERSON, number) | {"type": PERSON} for number in members or ()] or None,
    }
    return facts | {"meta": Meta(resource_type=GROUP, version=_version(facts) if members is not None else None)}


def wanted_person(resource: PersonResource) -> Wanted:
    name = resource.name or Name()
    emails = None if resource.emails is None else [_email(email) for email in resource.emails]
    _refuse_more("emails", len(emails or ()), MOST_EMAILS, "values")
    profile = {"displayName": _text("displayName", resource.display_name), "emails": emails}
    return Wanted(
        user_name=resource.user_name or "",
        given_name=name.given_name or "",
        family_name=name.family_name or "",
        is_active=resource.active,
        external_id=_text("externalId", resource.external_id) or None,
        profile={key: value for key, value in profile.items() if value is not None},
    )


def wanted_group(resource: GroupResource) -> WantedGroup:
    name = (resource.display_name or "").strip()
    if not name:
        raise InvalidValueException(detail="A group has a displayName.")
    _refuse_more("displayName", len(name), LONGEST_NAME, "characters")
    return WantedGroup(
        name=name,
        external_id=_text("externalId", resource.external_id) or None,
        members=frozenset(_uuid_of(member) for member in resource.members or []),
    )


def _uuid_of(member: Member) -> uuid.UUID:
    try:
        return uuid.UUID(member.value)
    except (ValueError, TypeError, AttributeError) as error:
        raise InvalidValueException(detail="A member is named by the id of a user.") from error


def _email(email: Email) -> dict[str, Any]:
    told = {name: _text("emails", getattr(email, name)) for name in ("value", "display", "type")}
    shown = told | {"primary": email.primary}
    return {name: value for name, value in shown.items() if value is not None}


def _text(what: str, text: str | None) -> str | None:
    _refuse_more(what, len(text or ""), LONGEST_TEXT, "characters")
    return text


def _refuse_more(what: str, number: int, most: int, unit: str) -> None:
    if number > most:
        raise ValueTooLong(what=what, most=most, unit=unit)


def _link(kind: str, number: uuid.UUID) -> dict[str, Any]:
    return {"value": str(number), "$ref": f"{kind}s/{number}"}


def _version(facts: Mapping[str, Any]) -> str:
    """A hash of what is shown: nothing is to be kept in step."""
    return f'W/"{hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()[:32]}"'
