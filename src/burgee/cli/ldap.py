"""``burgee sync_ldap_users_and_groups``: mend what differs from the directory."""

import argparse
import sys


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser(
        "sync_ldap_users_and_groups", help="remove who is gone from the directory; sort groups"
    )
    parser.add_argument("--dry-run", action="store_true", help="only say what would be done")
    parser.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    from burgee.cli.catalogue import check_settings
    from burgee.cli.migrate import check_connection, set_up_django

    check_settings()
    set_up_django()
    check_connection()
    from burgee.control.kit.errors import DomainError
    from burgee.control.ldap.syncing import synchronise

    try:
        synchronise(dry_run=options.dry_run, say=print)
    except DomainError as error:
        print(f"burgee: {error}", file=sys.stderr)
        return 1
    return 0
