"""``burgee manage NAME …``: a command of Django's, or of one of our applications, as ``manage.py NAME …`` elsewhere."""

import argparse


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("manage", help="run a Django command, as manage.py does", add_help=False)
    parser.add_argument("arguments", nargs=argparse.REMAINDER)
    parser.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    from burgee.cli.catalogue import check_settings
    from burgee.cli.migrate import set_up_django

    check_settings()
    set_up_django()
    from django.core.management import ManagementUtility

    # It ends the process itself when something goes wrong.
    ManagementUtility(["burgee manage", *options.arguments]).execute()
    return 0
