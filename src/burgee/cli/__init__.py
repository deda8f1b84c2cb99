"""The ``burgee`` command: one module per subcommand, each with ``register`` and a function that returns an exit code.

0 is success, 1 a failure that the message explains, 2 wrong settings or usage.
"""

import argparse
import os
import sys
from collections.abc import Sequence

from burgee.cli import (
    audit,
    backup,
    bootstrap,
    break_glass,
    compatibility,
    doctor,
    keys,
    ldap,
    manage,
    migrate,
    move,
    roles,
    settings,
    unlock,
)
from burgee.settings_reader import SettingsError

COMMANDS = (
    roles,
    migrate,
    bootstrap,
    doctor,
    backup,
    move,
    keys,
    audit,
    settings,
    compatibility,
    unlock,
    break_glass,
    ldap,
    manage,
)


def main(arguments: Sequence[str] | None = None) -> int:
    # What Burgee writes to disk is its user's alone: the database, keys, journals and snapshots.
    os.umask(0o077)
    options = parser().parse_args(arguments)
    try:
        return int(options.command(options))
    except SettingsError as error:
        lines = "\n".join(f"  - {problem}" for problem in error.problems)
        print(f"burgee: the settings are wrong\n{lines}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Whoever read our output, such as head, has seen enough; the interpreter must not try to flush the rest.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(
        prog="burgee",
        description="Self-hosted feature flags. Settings come from environment variables: burgee settings.",
    )
    commands = top.add_subparsers(title="commands", required=True, metavar="COMMAND")
    for module in COMMANDS:
        module.register(commands)
    return top
