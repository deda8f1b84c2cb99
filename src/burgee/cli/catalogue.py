"""Every settings struct there is: the list behind ``burgee settings``, the guide and the check for mistyped names."""

from collections.abc import Callable

from msgspec import Struct

from burgee.cli.bootstrap import BootstrapSettings
from burgee.control.kit.control_settings import ControlSettings, networks
from burgee.control.kit.federation_settings import FederationSettings
from burgee.control.kit.mail_settings import MailSettings
from burgee.control.kit.sign_in_settings import SignInSettings
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
        MailSettings,
        FederationSettings,
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
        lambda: read(MailSettings),
        lambda: read(FederationSettings),
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
