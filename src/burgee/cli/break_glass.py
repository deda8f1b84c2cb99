"""``burgee break-glass``: let a superuser in by password although this server wants another way of signing in."""

import argparse
import sys
from typing import Final

HOURS: Final = 24


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("break-glass", help="let a superuser sign in by password, whatever policy says")
    parser.add_argument("email")
    parser.add_argument("--hours", type=int, default=HOURS, help=f"for how long ({HOURS})")
    parser.add_argument("--end", action="store_true", help="take it back")
    parser.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    from burgee.cli.catalogue import check_settings
    from burgee.cli.migrate import check_connection, set_up_django

    if options.hours < 1:
        print("burgee: give --hours of at least 1.", file=sys.stderr)
        return 2
    check_settings()
    set_up_django()
    check_connection()
    from django.conf import settings

    from burgee.control.accounts.models import User
    from burgee.control.accounts.passwords import password_link
    from burgee.control.sso import glass

    user = User.objects.with_email(options.email)
    if user is None or not (user.is_superuser and user.is_active):
        print(f"burgee: no active superuser has the address {options.email}.", file=sys.stderr)
        return 1
    if options.end:
        print("It is taken back." if glass.end(user) else "There was nothing to take back.")
        return 0
    row = glass.allow(user, hours=options.hours)
    print(f"{user.email} may sign in by password until {row.until:%Y-%m-%d %H:%M} UTC. Each use is told by mail.")
    print(f"Without a password, this link sets one, once: {password_link(user, settings.PUBLIC_URL)}")
    return 0
