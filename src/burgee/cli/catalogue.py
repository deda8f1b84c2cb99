"""Every settings struct there is: the list behind ``burgee settings``, the guide and the check for mistyped names."""

from collections.abc import Callable

from msgspec import Struct

from burgee.cli.bootstrap import BootstrapSettings
from burgee.edge.settings import EdgeSettings
from burgee.serve.settings import ServerSettings, ServicesSettings
from burgee.settings_reader import (
    DatabaseSettings,
    DataSettings,
    SecretSettings,
    SettingsError,
    check_names,
    read,
    read_database,
)


def settings_structs() -> tuple[type[Struct], ...]:
    """In the order of the guide. The control plane's module reads its own when it is imported."""
    from burgee.control.settings import ControlSettings

    return (
        ServerSettings,
        DataSettings,
        DatabaseSettings,
        SecretSettings,
        ServicesSettings,
        ControlSettings,
        EdgeSettings,
        BootstrapSettings,
    )


def check_settings() -> None:
    """Reads everything once, so that all that is wrong is told together and before anything starts."""
    checks: tuple[Callable[[], object], ...] = (
        lambda: read(ServerSettings),
        lambda: read(ServicesSettings),
        lambda: read(EdgeSettings),
        lambda: read(BootstrapSettings),
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
