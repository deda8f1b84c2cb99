"""The identity provider, as its metadata describes it."""

import base64
import binascii
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from msgspec import Struct

from burgee.control.kit import clock
from burgee.control.saml.documents import LARGEST_METADATA, Element, Unreadable, parsed, text_of, without_declaration
from burgee.control.saml.errors import MetadataWrong
from burgee.control.saml.names import DSIG, METADATA, REDIRECT, tag

SHORTEST_RSA_KEY: Final = 2048
MOST_CERTIFICATES: Final = 20
LONGEST: Final = 1000


class Provider(Struct, frozen=True, kw_only=True):
    """Who answers, where people are sent, and the certificates (base64 of DER) that answers are signed with."""

    entity_id: str
    sign_on_url: str
    certificates: tuple[str, ...]


def read_metadata(text: str) -> Provider:
    """The one identity provider that `text` describes; MetadataWrong says what is missing."""
    try:
        root = parsed(without_declaration(text.encode("utf-8", "surrogatepass"), largest=LARGEST_METADATA))
    except Unreadable as error:
        raise MetadataWrong(why=f"This is no metadata: {error}") from error
    described = [
        entity
        for entity in root.iter(tag(METADATA, "EntityDescriptor"))
        if entity.find(tag(METADATA, "IDPSSODescriptor")) is not None
    ]
    if len(described) != 1:
        raise MetadataWrong(why="The metadata must describe exactly one identity provider (IDPSSODescriptor).")
    _refuse_old(root, described[0])
    role = described[0].find(tag(METADATA, "IDPSSODescriptor"))
    entity_id = (described[0].get("entityID") or "").strip()
    if not entity_id or len(entity_id) > LONGEST:
        raise MetadataWrong(why="The metadata names no entityID.")
    return Provider(entity_id=entity_id, sign_on_url=_sign_on_url(role), certificates=_certificates(role))


def _refuse_old(*described: Element) -> None:
    for element in described:
        until = element.get("validUntil")
        if until is None:
            continue
        try:
            moment = datetime.fromisoformat(until)
        except ValueError as error:
            raise MetadataWrong(why="The metadata's validUntil is no time.") from error
        if moment.tzinfo is None or moment <= clock.now():
            raise MetadataWrong(why=f"The metadata was valid until {until}. Get it anew from the identity provider.")


def _sign_on_url(role: Element) -> str:
    for service in role.findall(tag(METADATA, "SingleSignOnService")):
        place = (service.get("Location") or "").strip()
        if service.get("Binding") != REDIRECT:
            continue
        parts = urlsplit(place)
        if parts.scheme not in {"https", "http"} or not parts.netloc or len(place) > LONGEST:
            raise MetadataWrong(why="The metadata's SingleSignOnService is no https address.")
        return place
    raise MetadataWrong(why="The metadata names no SingleSignOnService with the HTTP-Redirect binding.")


def _certificates(role: Element) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for descriptor in role.findall(tag(METADATA, "KeyDescriptor")):
        if descriptor.get("use", "signing") != "signing":
            continue
        for written in descriptor.iter(tag(DSIG, "X509Certificate")):
            found[_checked("".join(text_of(written).split()))] = None
    if not found or len(found) > MOST_CERTIFICATES:
        raise MetadataWrong(why="The metadata names no certificate that answers are signed with.")
    return tuple(found)


def _checked(written: str) -> str:
    try:
        key = x509.load_der_x509_certificate(base64.b64decode(written, validate=True)).public_key()
    except (ValueError, binascii.Error) as error:
        raise MetadataWrong(why="A certificate in the metadata cannot be read.") from error
    if isinstance(key, rsa.RSAPublicKey) and key.key_size >= SHORTEST_RSA_KEY:
        return written
    if isinstance(key, ec.EllipticCurvePublicKey):
        return written
    raise MetadataWrong(why=f"Keys in the metadata must be RSA with at least {SHORTEST_RSA_KEY} bits, or EC.")
