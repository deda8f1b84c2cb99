"""Encryption at rest with the installation's key ring: the first key encrypts, every key decrypts.

The ring is opened anew when its file changes, so a rotated key is used at once by the processes that run.
"""

import base64
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from msgspec import Struct

from burgee.settings_reader import key_ring_path, open_key_ring


class _Keys(Struct, frozen=True):
    ids: tuple[str, ...]
    each: tuple[Fernet, ...]
    all: MultiFernet


def encrypt(text: str) -> str:
    """`text` as a Fernet token under the newest key."""
    return _keys().all.encrypt(text.encode()).decode()


def decrypt(ciphertext: str) -> str:
    """What `encrypt` was given; raises cryptography.fernet.InvalidToken when no key of the ring fits."""
    return _keys().all.decrypt(ciphertext.encode()).decode()


def decrypted(ciphertext: str | None) -> str | None:
    """The same; None where there is nothing, or no key of the ring fits: a restored database may have lost its keys."""
    if not ciphertext:
        return None
    try:
        return decrypt(ciphertext)
    except InvalidToken:
        return None


def renewed(ciphertext: str) -> str:
    """The same secret under the newest key; InvalidToken when no key of the ring fits."""
    return _keys().all.rotate(ciphertext.encode()).decode()


def key_of(ciphertext: str) -> str | None:
    """The id of the key that it is under, or None when that key is not in the ring."""
    keys = _keys()
    for key_id, key in zip(keys.ids, keys.each, strict=True):
        try:
            key.decrypt(ciphertext.encode())
        except InvalidToken:
            continue
        return key_id
    return None


def newest_key() -> str:
    """The id of the key that encrypts."""
    return _keys().ids[0]


def _keys() -> _Keys:
    try:
        file = key_ring_path(settings.DATA_DIR).stat()
    except FileNotFoundError:
        return _opened(None)
    return _opened((file.st_ino, file.st_mtime_ns))


@lru_cache(maxsize=2)
def _opened(_stamp: tuple[int, int] | None) -> _Keys:
    ring = open_key_ring()
    each = tuple(Fernet(base64.urlsafe_b64encode(ring.derive("secrets", key.id))) for key in ring.keys)
    return _Keys(tuple(key.id for key in ring.keys), each, MultiFernet(each))
