"""``burgee keys``: the key ring under which secrets are stored, and its rotation."""

import argparse
import sys

from burgee.settings_reader import SettingsError, open_key_ring, retire_key, rotate_keys


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("keys", help="list, rotate or retire the keys that secrets are stored under")
    actions = parser.add_subparsers(title="actions", required=True, metavar="ACTION")
    listed = actions.add_parser("list", help="the ids of the keys, newest first, and what is stored under each")
    listed.set_defaults(command=run_list)
    rotate = actions.add_parser("rotate", help="add a new key and store every secret under it")
    rotate.set_defaults(command=run_rotate)
    reencrypt = actions.add_parser("reencrypt", help="store every secret under the newest key")
    reencrypt.set_defaults(command=run_reencrypt)
    retire = actions.add_parser("retire", help="take a key that nothing is stored under out of the ring")
    retire.add_argument("key", metavar="ID")
    retire.set_defaults(command=run_retire)


def run_list(_options: argparse.Namespace) -> int:
    _set_up()
    from burgee.control.kit.reencryption import keys_in_use

    used = keys_in_use()
    for position, key in enumerate(open_key_ring().keys):
        print(f"{key.id}  {'newest' if position == 0 else 'older '}  {used.pop(key.id, 0):,} secrets")
    if used:
        print(f"{used.total():,} secrets are under keys that are not in the ring.")
    return 0


def run_rotate(_options: argparse.Namespace) -> int:
    _set_up()
    key = rotate_keys()
    print(f"{key.id} is the newest key. Every process that runs uses it for secrets from now on.")
    return _reencrypt()


def run_reencrypt(_options: argparse.Namespace) -> int:
    _set_up()
    return _reencrypt()


def run_retire(options: argparse.Namespace) -> int:
    _set_up()
    from burgee.control.kit.reencryption import keys_in_use

    if left := keys_in_use()[options.key]:
        raise SettingsError([f"{left:,} secrets are under {options.key} still. Run burgee keys reencrypt first."])
    retire_key(options.key)
    print(f"{options.key} is retired. Restart every process that runs: they trust what it signed until then.")
    return 0


def _reencrypt() -> int:
    from burgee.cli.installation.watching import Watching
    from burgee.control.kit.reencryption import reencrypt

    unopened = reencrypt(Watching())
    if unopened:
        print(f"burgee: {unopened:,} secrets cannot be opened by any key and stay as they are.", file=sys.stderr)
        return 1
    print("Every secret is stored under the newest key. Restart when it suits you: sign-ins and links use it then.")
    return 0


def _set_up() -> None:
    from burgee.cli.catalogue import check_settings
    from burgee.cli.migrate import check_connection, set_up_django

    check_settings()
    set_up_django()
    check_connection()
