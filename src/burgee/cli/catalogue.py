"""Every settings struct there is: the list behind ``burgee settings``, the guide and the check for mistyped names."""

from collections.abc import Callable

from msgspec import Struct

from burgee.cli.bootstrap import BootstrapSettings
from burgee.control.kit.control_settings import ControlSettings, networks
from burgee.control.kit.federation_settings import FederationSettings
from burgee.control.kit.ldap_settings import LdapSettings, check_ldap
from burgee.control.kit.mail_settings import MailSettings
from burgee.control.kit.oidc_settings import OidcSettings
from burgee.control.kit.saml_settings import SamlSettings, canonicalizations
from burgee.control.kit.sign_in_settings import SignInSettings
from burgee.control.kit.sso_settings import SsoSettings
from burgee.edge.settings import EdgeSettings
from burgee.serve.dashboard import DashboardSettings
from burgee.serve.settings import ServerSettings, ServicesSettings
from burgee.settings_reader import (
    DatabaseSettings,
    DataSettings,
    RedisSettings,
    SecretSettings,
    SettingsError,
    check_names,
    read,
    read_database,
)


def settings_structs() -> tuple[type[Struct], ...]:
    """In the order of the guide."""
    return (
        ServerSettings,
        DataSettings,
        DatabaseSettings,
        SecretSettings,
        RedisSettings,
        ServicesSettings,
        ControlSettings,
        SignInSettings,
        SsoSettings,
        MailSettings,
        FederationSettings,
        SamlSettings,
        OidcSettings,
        LdapSettings,
        DashboardSettings,
        EdgeSettings,
        BootstrapSettings,
    )


def check_settings() -> None:
    """Reads everything once, so that all that is wrong is told together and before anything starts."""
    checks: tuple[Callable[[], object], ...] = (
        lambda: read(ServerSettings),
        lambda: read(ServicesSettings),
        lambda: read(EdgeSettings),
        lambda: read(DashboardSettings).base,
        lambda: read(BootstrapSettings),
        lambda: networks(read(ControlSettings).outbound_allow),
        lambda: read(SignInSettings),
        lambda: read(SsoSettings),
        lambda: read(MailSettings),
        lambda: read(FederationSettings),
        lambda: canonicalizations(read(SamlSettings).extra_canonicalizations),
        lambda: read(OidcSettings),
        lambda: check_ldap(read(LdapSettings)),
        read_database,
        lambda: check_names(settings_structs()),
    )
    problems: dict[str, None] = {}
    for check in checks:
        try:
            check()
        except SettingsError as error:
            problems |= dict.fromkeys(error.problems)
    if problems:
        raise SettingsError(problems)
