"""``burgee move``: a whole installation from one database to another."""

import argparse
import sys

from burgee.settings_reader import SettingsError, parse_database_url, read_database


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("move", help="copy the installation into another, empty database, and prove it")
    parser.add_argument("--to", required=True, metavar="DATABASE_URL", help="address of the empty database")
    parser.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    from burgee.cli.catalogue import check_settings
    from burgee.cli.migrate import check_connection, require_driver, set_up_django
    from burgee.control.transfer.errors import TransferRefused

    check_settings()
    source, target = read_database(), parse_database_url(options.to, variable="--to")
    if (source.engine, source.host, source.port, source.name) == (target.engine, target.host, target.port, target.name):
        raise SettingsError(["--to names the database that the installation is in already."])
    require_driver(target)
    set_up_django()
    if source.is_server:
        check_connection()
    from burgee.cli.installation.moving import move
    from burgee.cli.installation.watching import Watching

    try:
        proven = move(source, target, progress=Watching())
    except TransferRefused as error:
        print(f"burgee: {error}", file=sys.stderr)
        return 1
    print(f"Everything is in {target}; the documents of {proven:,} environments are proven to be the same.")
    print("Set DATABASE_URL to it and keep the same secret keys. The old database is as it was.")
    return 0
