"""``burgee doctor``: checks the settings and everything they depend on, and says what to fix."""

import argparse
import sys
from collections.abc import Iterator

from burgee.cli.catalogue import check_settings
from burgee.cli.checks.database import database
from burgee.cli.checks.finding import Finding, fail, ok
from burgee.cli.checks.machine import machine
from burgee.cli.checks.outside import outside
from burgee.cli.checks.services import services
from burgee.settings_reader import SettingsError

SIGNS = {"ok": "ok  ", "warn": "WARN", "fail": "FAIL"}


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("doctor", help="check the settings and every dependency, and say what to fix")
    parser.set_defaults(command=run)


def run(_options: argparse.Namespace) -> int:
    """1 when anything fails; warnings do not count."""
    worst = 0
    for finding in findings():
        print(f"{SIGNS[finding.level]}  {finding.subject}: {finding.text}")
        if finding.fix:
            print(f"      → {finding.fix}")
        worst |= finding.level == "fail"
    sys.stdout.flush()
    return int(worst)


def findings() -> Iterator[Finding]:
    try:
        check_settings()
    except SettingsError as error:
        for problem in error.problems:
            yield fail("settings", problem, "Correct it and run burgee doctor again.")
        return
    yield ok("settings", "every variable is understood")
    for check in (machine, database, services, outside):
        yield from check()
