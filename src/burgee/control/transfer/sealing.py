"""Secret keys under a passphrase: scrypt makes the key, Fernet the seal."""

import base64
import secrets
from typing import Final

import msgspec
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from msgspec import Struct

from burgee.control.transfer.errors import TransferRefused
from burgee.settings_reader import KeyRing

COST: Final = 2**15


class Sealed(Struct, frozen=True):
    salt: bytes
    cost: int
    token: bytes


def seal(ring: KeyRing, passphrase: str) -> bytes:
    """The ring as bytes that only the passphrase opens."""
    salt = secrets.token_bytes(16)
    token = _fernet(passphrase, salt, COST).encrypt(msgspec.json.encode(ring))
    return msgspec.json.encode(Sealed(salt, COST, token))


def unseal(sealed: bytes, passphrase: str) -> KeyRing:
    """The ring; TransferRefused for another passphrase."""
    try:
        box = msgspec.json.decode(sealed, type=Sealed)
        if not 2 <= box.cost <= 2**20:
            raise TransferRefused("The sealed key ring is damaged.")
        return msgspec.json.decode(_fernet(passphrase, box.salt, box.cost).decrypt(box.token), type=KeyRing)
    except InvalidToken as error:
        raise TransferRefused("The passphrase does not open the key ring of this backup.") from error
    except (msgspec.DecodeError, ValueError) as error:
        raise TransferRefused("The sealed key ring is damaged.") from error


def _fernet(passphrase: str, salt: bytes, cost: int) -> Fernet:
    key = Scrypt(salt=salt, length=32, n=cost, r=8, p=1).derive(passphrase.encode())
    return Fernet(base64.urlsafe_b64encode(key))
