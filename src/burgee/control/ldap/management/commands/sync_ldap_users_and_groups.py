"""The command by the name and in the form that runbooks for Flagsmith have it."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from burgee.control.kit.errors import DomainError
from burgee.control.ldap.syncing import synchronise


class Command(BaseCommand):
    help = "Remove who is gone from the directory; sort groups."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only say what would be done")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            synchronise(dry_run=options["dry_run"], say=self.stdout.write)
        except DomainError as error:
            raise CommandError(str(error)) from error
