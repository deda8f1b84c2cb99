"""Our own keys: one pair a configuration, in a certificate that nobody but the identity provider looks at."""

from datetime import timedelta
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import NameOID
from msgspec import Struct

from burgee.control.kit import clock
from burgee.control.kit.secrets import decrypted
from burgee.control.saml.errors import KeyLost

BITS: Final = 3072
LASTS: Final = timedelta(days=3650)
LONGEST_COMMON_NAME: Final = 64


class KeyPair(Struct, frozen=True):
    """Both in PEM."""

    certificate: str
    key: str


def new_pair(name: str) -> KeyPair:
    key = rsa.generate_private_key(public_exponent=65537, key_size=BITS)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Burgee {name}"[:LONGEST_COMMON_NAME])])
    now = clock.now()
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + LASTS)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    return KeyPair(certificate.public_bytes(serialization.Encoding.PEM).decode(), private.decode())


def signature(text: str, key: str) -> bytes:
    """RSA with SHA-256 over `text`."""
    private = serialization.load_pem_private_key(key.encode(), None)
    if not isinstance(private, rsa.RSAPrivateKey):
        raise TypeError(type(private).__name__)
    return private.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256())


def opened(ciphertext: str) -> str:
    """The stored key; KeyLost when nobody can read it any more."""
    key = decrypted(ciphertext)
    if key is None:
        raise KeyLost
    return key


def body(certificate: str) -> str:
    """The certificate as XML carries it: base64 without the lines around."""
    return "".join(line for line in certificate.splitlines() if not line.startswith("-----"))


def facts(certificate: str) -> dict[str, str]:
    """What people compare: the fingerprint; and until when it lasts."""
    read = x509.load_pem_x509_certificate(certificate.encode())
    return {"sha256": read.fingerprint(hashes.SHA256()).hex(), "expires_at": read.not_valid_after_utc.isoformat()}
