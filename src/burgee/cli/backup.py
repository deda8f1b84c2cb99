"""``burgee backup`` and ``burgee restore``: a whole installation as one file."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from burgee.settings_reader import SettingsError, add_keys, known_key_ids, read_database

if TYPE_CHECKING:
    from burgee.control.transfer.archive import Archive, Manifest

KEYS_LEFT_OUT = """\
The secret keys ({ids}) are not in it. Without them, server-side keys and other encrypted values cannot be read after
a restore: keep secrets.json of the data directory, or BURGEE_SECRET_KEYS; or give --passphrase-file to seal them in."""
KEYS_MISSING = """\
The backup was made with secret keys that are not here ({ids}). {way}
Without them, server-side keys and other encrypted values cannot be read; --without-keys restores the rest."""

IN_THE_BACKUP = "Give --passphrase-file: the backup holds them sealed."
ELSEWHERE = "Put back the secrets.json that they are in, or set BURGEE_SECRET_KEYS."


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    backup = commands.add_parser("backup", help="save the whole installation in one file, while it serves")
    backup.add_argument("file", type=Path, metavar="FILE")
    about = "put in the secret keys, sealed with the first line of this file"
    backup.add_argument("--passphrase-file", type=Path, metavar="FILE", help=about)
    backup.set_defaults(command=run_backup)
    restore = commands.add_parser("restore", help="restore an installation from a backup file")
    restore.add_argument("file", type=Path, metavar="FILE")
    restore.add_argument("--passphrase-file", type=Path, metavar="FILE", help="opens the secret keys in the backup")
    restore.add_argument("--without-keys", action="store_true", help="restore although secret keys are missing")
    restore.add_argument("--replace", action="store_true", help="restore into a database that is not empty")
    restore.set_defaults(command=run_restore)


def run_backup(options: argparse.Namespace) -> int:
    from burgee.cli.catalogue import check_settings
    from burgee.cli.migrate import check_connection, set_up_django
    from burgee.control.transfer.errors import TransferRefused

    check_settings()
    passphrase = _passphrase(options.passphrase_file)
    set_up_django()
    if read_database().is_server:
        check_connection()
    from burgee.cli.installation.saving import save
    from burgee.cli.installation.watching import Watching

    try:
        manifest = save(read_database(), options.file, passphrase=passphrase, progress=Watching())
    except TransferRefused as error:
        return _refused(error)
    print(f"{options.file} holds {sum(manifest.rows.values()):,} rows of {read_database()}.")
    if passphrase is None:
        print(KEYS_LEFT_OUT.format(ids=", ".join(manifest.keys)))
    return 0


def run_restore(options: argparse.Namespace) -> int:
    from burgee.cli.installation.watching import Watching
    from burgee.control.transfer.archive import opened_archive
    from burgee.control.transfer.errors import TransferRefused

    try:
        with opened_archive(options.file) as archive:
            archive.verify(Watching())
            # Before anything opens the key ring: that makes one, where there is none.
            if not options.without_keys:
                _bring_keys(archive, _passphrase(options.passphrase_file))
            return _restore(archive, replacing=options.replace)
    except TransferRefused as error:
        return _refused(error)


def _restore(archive: "Archive", *, replacing: bool) -> int:
    from burgee.cli.catalogue import check_settings
    from burgee.cli.migrate import set_up_django

    check_settings()
    set_up_django()
    from burgee.cli.installation.restoring import restore
    from burgee.cli.installation.watching import Watching

    restore(archive, read_database(), replacing=replacing, progress=Watching())
    print(_restored(archive.manifest))
    return 0


def _restored(manifest: "Manifest") -> str:
    return f"{read_database()} holds what was saved on {manifest.made_at}: {sum(manifest.rows.values()):,} rows."


def _bring_keys(archive: "Archive", passphrase: str | None) -> None:
    from burgee.control.transfer.errors import TransferRefused
    from burgee.control.transfer.sealing import unseal

    missing = [key for key in archive.manifest.keys if key not in known_key_ids()]
    if not missing:
        return
    sealed = archive.sealed_keys
    if sealed is None or passphrase is None:
        way = IN_THE_BACKUP if sealed else ELSEWHERE
        raise TransferRefused(KEYS_MISSING.format(ids=", ".join(missing), way=way))
    add_keys(unseal(sealed, passphrase))


def _passphrase(path: Path | None) -> str | None:
    if path is None:
        return None
    try:
        first = path.read_text(encoding="utf-8").partition("\n")[0].strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError([f"--passphrase-file {path} cannot be read: {error}."]) from error
    if not first:
        raise SettingsError([f"--passphrase-file {path} has no passphrase in its first line."])
    return first


def _refused(error: Exception) -> int:
    print(f"burgee: {error}", file=sys.stderr)
    return 1
