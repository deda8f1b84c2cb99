"""``burgee audit``: proving the audit log, writing it down, and forgetting a person in it."""

import argparse
import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from burgee.control.audit.chain import End


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("audit", help="prove, export or erase from the audit log")
    actions = parser.add_subparsers(title="actions", required=True, metavar="ACTION")
    verify = actions.add_parser("verify", help="find altered, missing and re-ordered lines")
    _add_chain(verify, required=False)
    verify.add_argument("--checkpoint", type=Path, metavar="FILE", help="ends that burgee audit checkpoint wrote")
    verify.set_defaults(command=run_verify)
    checkpoint = actions.add_parser("checkpoint", help="print where each chain ends, as JSON lines")
    checkpoint.set_defaults(command=run_checkpoint)
    export = actions.add_parser("export", help="print the log of an organisation, or of the installation")
    _add_chain(export, required=True)
    export.add_argument("--format", choices=("jsonl", "csv"), default="jsonl")
    export.set_defaults(command=run_export)
    erase = actions.add_parser("erase", help="forget a person in every line; the chains still verify")
    erase.add_argument("email")
    erase.set_defaults(command=run_erase)


def _add_chain(parser: argparse.ArgumentParser, *, required: bool) -> None:
    """Which log; the installation's has no number that people need to know."""
    which = parser.add_mutually_exclusive_group(required=required)
    which.add_argument("--organisation", type=int, metavar="ID", help="that of this organisation")
    which.add_argument(
        "--installation",
        action="store_const",
        const=0,
        dest="organisation",
        help="that of the installation: sign-ins, accounts and rules of signing in",
    )


def run_verify(options: argparse.Namespace) -> int:
    _set_up()
    from burgee.control.audit.queries import verify

    try:
        known = _ends_in(options.checkpoint.read_text(encoding="utf-8")) if options.checkpoint else []
    except (OSError, ValueError, KeyError, TypeError) as error:
        print(f"burgee: the checkpoint cannot be read: {error}", file=sys.stderr)
        return 2
    only = None if options.organisation is None else [options.organisation]
    count = 0
    for count, finding in enumerate(verify(only, known), start=1):  # noqa: B007 - counted
        print(finding)
    print(f"{count} faults." if count else "Every chain of the audit log is whole.")
    return 1 if count else 0


def run_checkpoint(_options: argparse.Namespace) -> int:
    _set_up()
    from burgee.control.audit.queries import ends

    for end in ends():
        print(json.dumps({"organisation": end.organisation_id, "position": end.position, "hash": end.hash}))
    return 0


def run_export(options: argparse.Namespace) -> int:
    _set_up()
    from burgee.control.audit.models import AuditLog
    from burgee.control.audit.queries import json_lines
    from burgee.control.audit.spreadsheet import csv_lines

    rows = AuditLog.objects.filter(organisation_id=options.organisation)
    _write(json_lines(rows) if options.format == "jsonl" else csv_lines(rows))
    return 0


def run_erase(options: argparse.Namespace) -> int:
    _set_up()
    from burgee.control.accounts.models import User
    from burgee.control.audit.services import erase_person, erase_stranger
    from burgee.control.kit.actor import SYSTEM

    user = User.objects.with_email(options.email)
    erased = erase_person(user, actor=SYSTEM) if user else erase_stranger(options.email, actor=SYSTEM)
    if user is None and not erased:
        print(f"burgee: nobody has the address {options.email}. Erase before the account is deleted.", file=sys.stderr)
        return 1
    print(f"Erased from {erased} lines.")
    return 0


def _ends_in(text: str) -> "list[End]":
    from burgee.control.audit.chain import End

    rows = [json.loads(line) for line in text.splitlines() if line.strip()]
    return [End(int(row["organisation"]), int(row["position"]), str(row["hash"])) for row in rows]


def _write(chunks: Iterable[str]) -> None:
    for chunk in chunks:
        sys.stdout.write(chunk)


def _set_up() -> None:
    from burgee.cli.catalogue import check_settings
    from burgee.cli.migrate import check_connection, set_up_django

    check_settings()
    set_up_django()
    check_connection()
