"""The secret keys of an installation: the first one signs and encrypts, all of them verify and decrypt."""

import contextlib
import hashlib
import hmac
import os
import secrets
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from burgee.settings_reader.location import DataSettings
from burgee.settings_reader.reader import SettingsError, Var, read

SHORTEST = 16


class SecretSettings(Struct, frozen=True, kw_only=True):
    ring: Annotated[
        tuple[str, ...],
        Var(
            "BURGEE_SECRET_KEYS",
            secret=True,
            about="Secret keys, newest first, at least 16 characters each. "
            "Without it and DJANGO_SECRET_KEY: the key ring file secrets.json in the data directory, made once.",
        ),
    ] = ()
    single: Annotated[str, Var("DJANGO_SECRET_KEY", secret=True, about="One secret key; BURGEE_SECRET_KEYS wins.")] = ""


class SecretKey(Struct, frozen=True):
    """A key and the id that ciphertexts carry to find it again."""

    id: str
    secret: str

    def __repr__(self) -> str:
        return f"SecretKey(id={self.id!r})"


class KeyRing(Struct, frozen=True):
    """Keys, newest first; never empty."""

    keys: Annotated[tuple[SecretKey, ...], Meta(min_length=1)]

    @property
    def current(self) -> SecretKey:
        return self.keys[0]

    def find(self, key_id: str) -> SecretKey | None:
        return next((key for key in self.keys if key.id == key_id), None)

    def derive(self, purpose: str, key_id: str | None = None) -> bytes:
        """32 bytes for one purpose, from the current key or a named one; purposes tell nothing of each other."""
        key = self.current if key_id is None else self.find(key_id)
        if key is None:
            raise LookupError(f"no secret key has the id {key_id}")
        return hmac.digest(key.secret.encode(), b"burgee:" + purpose.encode(), hashlib.sha256)


def open_key_ring(environ: Mapping[str, str] | None = None) -> KeyRing:
    """The ring of the environment, else of the file; the file is made when there is none."""
    settings = read(SecretSettings, environ)
    given = settings.ring or ((settings.single,) if settings.single else ())
    if given:
        return _ring(given, "BURGEE_SECRET_KEYS" if settings.ring else "DJANGO_SECRET_KEY")
    path = key_ring_path(read(DataSettings, environ).data_dir)
    if not path.exists():
        _create(path, _ring((secrets.token_urlsafe(48),), ""))
    try:
        return msgspec.json.decode(path.read_bytes(), type=KeyRing)
    except (msgspec.DecodeError, OSError) as error:
        raise SettingsError([f"{path} is no readable key ring: {error}. Restore it from a backup."]) from error


def known_key_ids(environ: Mapping[str, str] | None = None) -> frozenset[str]:
    """Ids of the keys that there are now; unlike opening the ring, this makes none."""
    settings = read(SecretSettings, environ)
    if not (settings.ring or settings.single or key_ring_path(read(DataSettings, environ).data_dir).exists()):
        return frozenset()
    return frozenset(key.id for key in open_key_ring(environ).keys)


def add_keys(ring: KeyRing, environ: Mapping[str, str] | None = None) -> None:
    """Put the keys of `ring` behind those of the file, or make the file of them.

    SettingsError when the environment holds the keys: only who set it can add to it.
    """
    path = _own_file("Add the missing ones to BURGEE_SECRET_KEYS.", environ)
    if not path.exists():
        _create(path, ring)
    there = open_key_ring(environ)
    added = tuple(key for key in ring.keys if there.find(key.id) is None)
    if added:
        _replace(path, there.keys + added)


def rotate_keys(environ: Mapping[str, str] | None = None) -> SecretKey:
    """A new key in front of those of the file: from now on it encrypts, and they still decrypt.

    SettingsError when the environment holds the keys, as with `add_keys`.
    """
    path = _own_file(
        "Put a new one in front of BURGEE_SECRET_KEYS on every machine, restart, then run burgee keys reencrypt.",
        environ,
    )
    there = open_key_ring(environ)
    fresh = _ring((secrets.token_urlsafe(48),), "").current
    _replace(path, (fresh, *there.keys))
    return fresh


def retire_key(key_id: str, environ: Mapping[str, str] | None = None) -> None:
    """The file without this key; SettingsError for the newest, which is in use, and for one that is not there."""
    path = _own_file("Take the old one out of BURGEE_SECRET_KEYS and restart.", environ)
    there = open_key_ring(environ)
    if there.current.id == key_id:
        raise SettingsError([f"{key_id} is the newest key. Run burgee keys rotate first."])
    if there.find(key_id) is None:
        raise SettingsError([f"No key has the id {key_id}. burgee keys list shows those that there are."])
    _replace(path, tuple(key for key in there.keys if key.id != key_id))


def _own_file(otherwise: str, environ: Mapping[str, str] | None) -> Path:
    settings = read(SecretSettings, environ)
    if settings.ring or settings.single:
        raise SettingsError([f"The secret keys come from the environment. {otherwise}"])
    return key_ring_path(read(DataSettings, environ).data_dir)


def _replace(path: Path, keys: tuple[SecretKey, ...]) -> None:
    _write(path, KeyRing(keys), lambda draft: draft.replace(path))


def key_ring_path(data_dir: Path) -> Path:
    return data_dir / "secrets.json"


def _ring(given: tuple[str, ...], variable: str) -> KeyRing:
    if any(len(secret) < SHORTEST for secret in given):
        raise SettingsError([f"{variable}=*** is wrong. Use keys of at least {SHORTEST} characters."])
    return KeyRing(tuple(SecretKey(hashlib.sha256(secret.encode()).hexdigest()[:8], secret) for secret in given))


def _create(path: Path, ring: KeyRing) -> None:
    """Two first starts agree on one ring."""

    def link(draft: Path) -> None:
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(draft)

    _write(path, ring, link)


def _write(path: Path, ring: KeyRing, put: Callable[[Path], object]) -> None:
    """Written beside and `put` into place, so that nobody reads half a file."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".secrets-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(msgspec.json.encode(ring))
                file.flush()
                os.fsync(file.fileno())
            put(Path(name))
        finally:
            Path(name).unlink(missing_ok=True)
    except OSError as error:
        raise SettingsError(
            [f"{path} cannot be written: {error.strerror}. Make the directory writable, or set BURGEE_DATA_DIR."]
        ) from error
