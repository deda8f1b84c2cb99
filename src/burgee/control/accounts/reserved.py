"""Addresses that can be nobody's: their domains are set apart for tests and examples by RFC 2606."""

from typing import Final

RESERVED: Final = ("example.com", "example.net", "example.org", "example", "invalid", "test")


def is_reserved(email: str) -> bool:
    """Whether `email` lies in a reserved domain, or below one."""
    domain = email.rpartition("@")[2].strip().rstrip(".").lower()
    return any(f".{domain}".endswith(f".{reserved}") for reserved in RESERVED)
