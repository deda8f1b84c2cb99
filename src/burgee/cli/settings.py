"""``burgee settings``: what can be set."""

import argparse

from burgee.cli.catalogue import settings_structs
from burgee.settings_reader import describe, markdown

HEADER = """\
# Settings

Burgee is configured by environment variables. This page is written by `make settings`.

A variable that is set to nothing counts as unset. Where several names are listed, the first one that is set is used.
A wrong value, or a `BURGEE_*` name that is not in this list, stops the start with a message that names the variable.

"""


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("settings", help="list every setting with its default")
    parser.add_argument("--markdown", action="store_true", help="print the page of the guide")
    parser.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    structs = settings_structs()
    if options.markdown:
        print(HEADER + markdown(structs), end="")
        return 0
    rows = describe(structs)
    width = max(len(row.name) for row in rows)
    for row in rows:
        also = f" (also {', '.join(row.aliases)})" if row.aliases else ""
        print(f"{row.name:<{width}}  default: {row.default}\n{'':<{width}}  {row.about}{also}")
    return 0
