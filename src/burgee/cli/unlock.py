"""``burgee unlock``: let somebody sign in again who failed too often."""

import argparse
import sys


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("unlock", help="end the lock after failed sign-ins to an account")
    parser.add_argument("email")
    parser.add_argument(
        "--second-factor", action="store_true", help="also remove a lost authenticator app and all passkeys"
    )
    parser.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    from burgee.cli.catalogue import check_settings
    from burgee.cli.migrate import check_connection, set_up_django

    check_settings()
    set_up_django()
    check_connection()
    from burgee.control.accounts import lockout, passkeys, second_factor
    from burgee.control.accounts.models import User
    from burgee.control.kit.actor import SYSTEM

    user = User.objects.with_email(options.email)
    if user is None:
        print(f"burgee: nobody has the address {options.email}.", file=sys.stderr)
        return 1
    was_locked = lockout.unlock(user, actor=SYSTEM)
    print("The lock is ended." if was_locked else "There was no lock.")
    if options.second_factor and second_factor.is_active(user):
        second_factor.remove(user, actor=SYSTEM)
        print("The second factor is removed.")
    if options.second_factor and passkeys.remove_all(user, actor=SYSTEM):
        print("The passkeys are removed.")
    return 0
