"""``burgee up`` and the roles it is made of: ``control``, ``edge``, ``worker``."""

import argparse

import msgspec

from burgee.cli.catalogue import check_settings
from burgee.serve.place import Place
from burgee.serve.settings import ServerSettings
from burgee.settings_reader import SettingsError, read, read_database

APART = (
    "burgee {role} cannot run apart on SQLite, which has one writer. "
    "Run burgee up, or set DATABASE_URL to PostgreSQL, MySQL or MariaDB."
)
MANY = (
    "{count} workers need a server database; SQLite has one writer. "
    "Set BURGEE_WORKERS=1, or DATABASE_URL to PostgreSQL, MySQL or MariaDB."
)


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    up = commands.add_parser("up", help="start everything: SDK API, management API and worker")
    _listen(up)
    up.add_argument("--workers", type=int, metavar="N", help="server processes (server databases only)")
    up.add_argument("--place", type=_place, help=argparse.SUPPRESS)
    up.set_defaults(command=run_up)
    control = commands.add_parser("control", help="start only the management API")
    _listen(control)
    control.set_defaults(command=run_control)
    edge = commands.add_parser("edge", help="start only the SDK API")
    _listen(edge)
    edge.set_defaults(command=run_edge)
    worker = commands.add_parser("worker", help="start only the background worker")
    worker.set_defaults(command=run_worker)


def _listen(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", help="address to listen on")
    parser.add_argument("--port", type=int, help="port to listen on")


def _place(text: str) -> Place:
    """What the supervisor passes on: index, socket and lifeline."""
    index, listener, lifeline = (int(number) for number in text.split(","))
    return Place(index, listener, lifeline)


def server_settings(options: argparse.Namespace) -> ServerSettings:
    """The environment's settings; what the command line says wins."""
    given = {name: value for name in ("host", "port", "workers") if (value := getattr(options, name, None)) is not None}
    return msgspec.structs.replace(read(ServerSettings), **given)


def run_up(options: argparse.Namespace) -> int:
    check_settings()
    settings = server_settings(options)
    if settings.workers > 1 and not read_database().is_server:
        raise SettingsError([MANY.format(count=settings.workers)])
    from burgee.cli.migrate import migrate, set_up_django
    from burgee.serve.processes import up

    if options.place is None:
        migrate()
    else:
        set_up_django()
    return up(settings, options.place)


def run_control(options: argparse.Namespace) -> int:
    _apart("control")
    from burgee.serve.processes import control

    return control(server_settings(options))


def run_edge(options: argparse.Namespace) -> int:
    check_settings()
    from burgee.serve.processes import edge

    return edge(server_settings(options))


def run_worker(_options: argparse.Namespace) -> int:
    _apart("worker")
    from burgee.serve.processes import worker

    return worker(read(ServerSettings))


def _apart(role: str) -> None:
    check_settings()
    if not read_database().is_server:
        raise SettingsError([APART.format(role=role)])
    from burgee.cli.migrate import check_connection, set_up_django

    set_up_django()
    check_connection()
