"""Names and filters: from what somebody typed to what the directory understands, and nothing else.

Settings name functions by dotted paths. Ours are under ``burgee.ldap``; those that Flagsmith's documentation names
stand for them too. Others are imported and called as django-python3-ldap calls them.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from django.conf import settings
from django.utils.module_loading import import_string
from ldap3.utils.conv import escape_filter_chars
from ldap3.utils.dn import escape_rdn

OURS: Final = ("burgee.ldap.", "django_python3_ldap.utils.", "flagsmith_ldap.ldap.", "custom_auth.ldap.")

IN_CHAIN: Final = "1.2.840.113556.1.4.1941"
"""Active Directory's rule that looks into groups of groups."""

LONGEST: Final = 254

Filters = Callable[[Mapping[str, str]], Sequence[str]]


def is_plain(typed: str) -> bool:
    """Whether this can be somebody's name at all."""
    return 0 < len(typed) <= LONGEST and typed.isprintable() and typed == typed.strip()


def bind_name_of(typed: str) -> str:
    """The name to bind with as whoever typed `typed`."""
    path = settings.LDAP.format_username
    formats: Mapping[str, Callable[[Mapping[str, str]], str]] = {
        "format_username_openldap": _openldap,
        "format_username_active_directory": _active_directory,
        "format_username_active_directory_principal": _principal,
    }
    made = (formats.get(_own_name(path)) or import_string(path))({"username": typed})
    return str(made)


def filter_of(typed: str) -> str:
    """The filter that finds whoever typed `typed`."""
    attributes = settings.LDAP.user_fields.attributes
    if is_of_active_directory() and "@" in typed:
        return both(equal("userPrincipalName", typed), filter_of_people())
    name = typed.rpartition("\\")[2] if is_of_active_directory() else typed
    return _custom({attributes["username"]: name})


def filter_of_address(typed: str) -> str:
    """The filter that finds people by name or address; for a user who may read the directory."""
    attributes = settings.LDAP.user_fields.attributes
    name = typed.rpartition("\\")[2] if is_of_active_directory() else typed
    names = [equal(attributes["username"], name), equal(attributes["email"], typed)]
    if is_of_active_directory():
        names.append(equal("userPrincipalName", typed))
    return both(f"(|{''.join(names)})", filter_of_people())


def filter_of_people() -> str:
    """The filter for all who may sign in."""
    return _custom({})


def equal(attribute: str, value: str) -> str:
    return f"({attribute}={escape_filter_chars(value)})"


def both(*filters: str) -> str:
    return filters[0] if len(filters) == 1 else f"(&{''.join(filters)})"


def member_of(group: str) -> str:
    """The filter for members; with groups in groups where the directory has a rule for it."""
    rule = f":{IN_CHAIN}:" if settings.LDAP.nested_groups and is_of_active_directory() else ""
    return f"(memberOf{rule}={escape_filter_chars(group)})"


def _custom(fields: Mapping[str, str]) -> str:
    path = settings.LDAP.format_search_filters
    known: dict[str, Filters] = {
        "format_search_filters": _search_filters,
        "login_group_search_filter": _of_login_group,
    }
    made = (known.get(_own_name(path)) or import_string(path))(fields)
    return both(*(str(part) for part in made))


def _search_filters(fields: Mapping[str, str]) -> Sequence[str]:
    named = [equal(attribute, value) for attribute, value in fields.items()]
    return [*named, equal("objectClass", settings.LDAP.object_class)]


def _of_login_group(fields: Mapping[str, str]) -> Sequence[str]:
    return [*_search_filters(fields), member_of(settings.LDAP.login_group)]


def _openldap(fields: Mapping[str, str]) -> str:
    attribute = settings.LDAP.user_fields.attributes["username"]
    return f"{attribute}={escape_rdn(fields['username'])},{settings.LDAP.search_base}"


def _active_directory(fields: Mapping[str, str]) -> str:
    r"""``DOMAIN\user``; a name that has its domain already keeps it."""
    name, domain = fields["username"], settings.LDAP.active_directory_domain
    return name if not domain or "\\" in name or "@" in name else f"{domain}\\{name}"


def _principal(fields: Mapping[str, str]) -> str:
    """``user@domain``; a name that has its domain already keeps it."""
    name, domain = fields["username"], settings.LDAP.active_directory_domain
    return name if not domain or "\\" in name or "@" in name else f"{name}@{domain}"


def is_of_active_directory() -> bool:
    return _own_name(settings.LDAP.format_username).startswith("format_username_active_directory")


def after_sign_in() -> Callable[..., Any] | None:
    """A function of the operator's that is called after a sign-in; None for ours, which are known by name."""
    path = settings.LDAP.sync_user_relations
    if _own_name(path) == "sync_user_relations" or mirrors_groups():
        return None
    found: Callable[..., Any] = import_string(path)
    return found


def mirrors_groups() -> bool:
    return _own_name(settings.LDAP.sync_user_relations) == "sync_user_groups"


def _own_name(path: str) -> str:
    """What a function of ours is called; empty for somebody else's."""
    return next((path.removeprefix(place) for place in OURS if path.startswith(place)), "")
