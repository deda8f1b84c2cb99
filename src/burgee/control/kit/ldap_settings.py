"""What operators may say about a directory that people sign in with, under the names that Flagsmith gave to it."""

from collections.abc import Mapping
from typing import Annotated, Final, Self

from msgspec import Struct

from burgee.settings_reader import SettingsError, Var

LONGEST_DN: Final = 255


class UserFields(str):
    """Field of ours = attribute of the directory: ``username=uid,email=mail``."""

    __slots__ = ()

    def __new__(cls, text: str) -> Self:
        made = super().__new__(cls, text)
        attributes = made.attributes
        is_named = all(name and attribute.replace("-", "").isalnum() for name, attribute in attributes.items())
        if not is_named or not {"username", "email"} <= set(attributes):
            raise ValueError(text)
        return made

    @property
    def attributes(self) -> Mapping[str, str]:
        pairs = (part.partition("=") for part in self.split(",") if part.strip())
        return {name.strip(): attribute.strip() for name, _, attribute in pairs}


class LdapSettings(Struct, frozen=True, kw_only=True):
    """Signing in with the password of an LDAP directory or Active Directory."""

    url: Annotated[
        str,
        Var(
            "LDAP_AUTH_URL",
            about="ldap:// or ldaps:// addresses of the directory, separated by spaces and tried in turn; empty: none.",
        ),
    ] = ""
    use_tls: Annotated[bool, Var("LDAP_AUTH_USE_TLS", about="StartTLS before anything is said on ldap://.")] = False
    ca_file: Annotated[
        str,
        Var("BURGEE_LDAP_CA_FILE", about="Certificates that vouch for the directory, instead of the system's."),
    ] = ""
    search_base: Annotated[str, Var("LDAP_AUTH_SEARCH_BASE", about="Where people are.")] = "ou=people,dc=example,dc=com"
    object_class: Annotated[str, Var("LDAP_AUTH_OBJECT_CLASS", about="Class of people.")] = "inetOrgPerson"
    user_fields: Annotated[
        UserFields,
        Var("LDAP_AUTH_USER_FIELDS", about="Attributes of people; username and email must be among the fields."),
    ] = UserFields("username=uid,first_name=givenName,last_name=sn,email=mail")
    active_directory_domain: Annotated[
        str, Var("LDAP_AUTH_ACTIVE_DIRECTORY_DOMAIN", about="Domain that is put to names in Active Directory.")
    ] = ""
    format_username: Annotated[
        str,
        Var(
            "LDAP_AUTH_FORMAT_USERNAME",
            about=(
                "How a name becomes one to bind with: burgee.ldap.format_username_openldap, "
                "…_active_directory, …_active_directory_principal, or a Python function."
            ),
        ),
    ] = "django_python3_ldap.utils.format_username_openldap"
    format_search_filters: Annotated[
        str,
        Var(
            "LDAP_AUTH_FORMAT_SEARCH_FILTERS",
            about=(
                "Filters that all must hold: burgee.ldap.format_search_filters, "
                "burgee.ldap.login_group_search_filter, or a Python function."
            ),
        ),
    ] = "django_python3_ldap.utils.format_search_filters"
    sync_user_relations: Annotated[
        str,
        Var(
            "LDAP_AUTH_SYNC_USER_RELATIONS",
            about=(
                "What follows a sign-in: burgee.ldap.sync_user_relations (nothing), "
                "burgee.ldap.sync_user_groups, or a Python function."
            ),
        ),
    ] = "django_python3_ldap.utils.sync_user_relations"
    connect_timeout: Annotated[
        float, Var("LDAP_AUTH_CONNECT_TIMEOUT", about="Seconds to reach a directory.", ge=0.1, le=300)
    ] = 5.0
    receive_timeout: Annotated[
        float, Var("LDAP_AUTH_RECEIVE_TIMEOUT", about="Seconds until each of its answers.", ge=0.1, le=300)
    ] = 10.0
    organisation_id: Annotated[
        int | None,
        Var("LDAP_DEFAULT_FLAGSMITH_ORGANISATION_ID", about="Organisation that people of the directory join."),
    ] = None
    groups: Annotated[
        str,
        Var(
            "LDAP_SYNCED_GROUPS",
            about="Names (DN) of groups, separated by colons, that are mirrored into groups of that organisation.",
        ),
    ] = ""
    login_group: Annotated[str, Var("LDAP_LOGIN_GROUP", about="Name (DN) of the group whose members may sign in.")] = ""
    nested_groups: Annotated[
        bool, Var("BURGEE_LDAP_NESTED_GROUPS", about="Count members of groups in groups; Active Directory only.")
    ] = False
    sync_username: Annotated[
        str, Var("LDAP_SYNC_USER_USERNAME", about="Name, or DN, of a user who may read the directory.")
    ] = ""
    sync_password: Annotated[str, Var("LDAP_SYNC_USER_PASSWORD", secret=True, about="The password of that user.")] = ""
    search_first: Annotated[
        bool,
        Var(
            "BURGEE_LDAP_SEARCH_FIRST",
            about=(
                "Find people with that user before their password is tried: for trees with people in several "
                "branches, and to sign in with an e-mail address."
            ),
        ),
    ] = False

    @property
    def urls(self) -> tuple[str, ...]:
        return tuple(self.url.split())

    @property
    def group_names(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name.strip() for name in self.groups.split(":") if name.strip()))


def check_ldap(read: LdapSettings) -> None:
    """SettingsError for what is well written and yet cannot work."""
    problems = []
    if not all(url.lower().startswith(("ldap://", "ldaps://")) for url in read.urls):
        problems.append("LDAP_AUTH_URL is wrong. Set it to addresses such as ldaps://ldap.example.com.")
    if read.use_tls and any(url.lower().startswith("ldaps://") for url in read.urls):
        problems.append("LDAP_AUTH_USE_TLS is for ldap:// addresses. Unset it, or correct LDAP_AUTH_URL.")
    if any(len(name) > LONGEST_DN for name in read.group_names):
        problems.append(f"LDAP_SYNCED_GROUPS has a name of more than {LONGEST_DN} characters.")
    if read.search_first and not (read.sync_username and read.sync_password):
        problems.append("BURGEE_LDAP_SEARCH_FIRST needs LDAP_SYNC_USER_USERNAME and LDAP_SYNC_USER_PASSWORD.")
    if problems:
        raise SettingsError(problems)
