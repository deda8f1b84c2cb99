"""Encryption at rest with the installation's key ring: the first key encrypts, every key decrypts."""

from functools import lru_cache

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings


@lru_cache(maxsize=4)
def _ring(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def encrypt(text: str) -> str:
    """`text` as a Fernet token under the newest key."""
    return _ring(tuple(settings.SECRET_RING)).encrypt(text.encode()).decode()


def decrypt(ciphertext: str) -> str:
    """What `encrypt` was given; raises cryptography.fernet.InvalidToken when no key of the ring fits."""
    return _ring(tuple(settings.SECRET_RING)).decrypt(ciphertext.encode()).decode()
