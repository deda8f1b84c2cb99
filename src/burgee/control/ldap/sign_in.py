"""Signing in with the directory's password, and with one of ours where the directory does not know the name."""

import inspect
from typing import Final

from django.conf import settings
from msgspec import Struct

from burgee.control.accounts import lockout
from burgee.control.accounts.errors import PasswordsRefused, WrongCredentials
from burgee.control.accounts.lockout import Attempt
from burgee.control.accounts.models import User
from burgee.control.accounts.records import failure_told
from burgee.control.accounts.signing_in import Challenge
from burgee.control.ldap.directory import Directory, Entry, opened, opened_for_reading
from burgee.control.ldap.doors import KEY
from burgee.control.ldap.errors import AddressMissing, DirectorySilent
from burgee.control.ldap.groups import groups_of, put_into_groups
from burgee.control.ldap.names import (
    after_sign_in,
    bind_name_of,
    filter_of,
    filter_of_address,
    is_plain,
    mirrors_groups,
)
from burgee.control.sso.arrivals import arrive
from burgee.control.sso.errors import MethodRefused
from burgee.control.sso.password_sign_in import sign_in_by_password
from burgee.control.sso.people import Method, Person, Source

AUTH_TYPE: Final = "LDAP"


class Known(Struct, frozen=True):
    """Somebody whose password the directory accepted, and the mirrored groups that they are in."""

    entry: Entry
    groups: list[str]


def sign_in_by_directory(attempt: Attempt, password: str, *, label: str | None = None) -> str | Challenge:
    """A new token, or a challenge: by the directory, and otherwise by a password of ours.

    A silent directory keeps nobody out who has a password here: that is how an operator gets in to mend it.
    """
    lockout.refuse_locked(attempt, method=Method.LDAP)
    try:
        known = recognised(attempt.email.strip(), password)
    except DirectorySilent as silent:
        try:
            return sign_in_by_password(attempt, password, label=label)
        except (WrongCredentials, PasswordsRefused):
            raise silent from None
    if known is None:
        return sign_in_by_password(attempt, password, label=label)
    try:
        return _let_in(known, attempt, label)
    except MethodRefused as refused:
        # Their rule names no directory; it may name passwords of ours.
        try:
            return sign_in_by_password(attempt, password, label=label)
        except (WrongCredentials, PasswordsRefused):
            raise refused from None


def recognised(typed: str, password: str) -> Known | None:
    """Who this is by the directory's word; None when it knows no such name, or not this password."""
    if not password or not is_plain(typed):
        return None
    found = _found_first(typed) if settings.LDAP.search_first else None
    if found is None and settings.LDAP.search_first:
        return None
    with opened(found.dn if found else bind_name_of(typed), password) as directory:
        if directory is None:
            return None
        entry = found or _one(directory, filter_of(typed))
        # Whose password it was must be whom the search found.
        if entry is None or not directory.is_bound_as(entry.dn):
            return None
        return Known(entry, _groups_of(directory, entry))


def person_of(entry: Entry) -> Person:
    attributes = settings.LDAP.user_fields.attributes
    email = entry.text(attributes["email"])
    if not email:
        raise AddressMissing
    return Person(
        email=email,
        subject=entry.subject,
        first_name=entry.text(attributes.get("first_name", "")),
        last_name=entry.text(attributes.get("last_name", "")),
    )


def source() -> Source:
    return Source(
        method=Method.LDAP, key=KEY, auth_type=AUTH_TYPE, default_organisation_id=settings.LDAP.organisation_id
    )


def _let_in(known: Known, attempt: Attempt, label: str | None) -> str | Challenge:
    with failure_told(**source().told):
        person = person_of(known.entry)
    entry = arrive(person, source(), address=attempt.address, label=label)
    user = User.objects.get(pk=entry.user_id)
    if mirrors_groups():
        put_into_groups(user, known.groups)
    _call_operators_function(user, known.entry)
    return entry.entered


def _found_first(typed: str) -> Entry | None:
    with opened_for_reading() as directory:
        return _one(directory, filter_of_address(typed))


def _one(directory: Directory, filters: str) -> Entry | None:
    """The only one; of two nobody knows whose password it was."""
    found = directory.find(filters)
    return found[0] if len(found) == 1 else None


def _groups_of(directory: Directory, entry: Entry) -> list[str]:
    if not mirrors_groups():
        return []
    told = settings.LDAP
    if told.sync_username and told.sync_password:
        with opened_for_reading() as reading:
            return groups_of(reading, entry)
    return groups_of(directory, entry)


def _call_operators_function(user: User, entry: Entry) -> None:
    """As django-python3-ldap calls it: with the attributes, and with what else the function asks for by name."""
    function = after_sign_in()
    if function is None:
        return
    offered = {"dn": entry.dn, "connection": None}
    asked = inspect.signature(function).parameters
    takes_all = any(parameter.kind is parameter.VAR_KEYWORD for parameter in asked.values())
    extra = offered if takes_all else {name: value for name, value in offered.items() if name in asked}
    attributes = {
        name: [value.decode("utf-8", "replace") for value in values] for name, values in entry.attributes.items()
    }
    function(user, attributes, **extra)
