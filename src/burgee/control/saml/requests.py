"""Asking the identity provider who somebody is: requests that are signed, and known again without being kept."""

import base64
import secrets
import zlib
from datetime import timedelta
from typing import Final
from urllib.parse import quote_plus
from xml.etree import ElementTree as ET

from django.core import signing

from burgee.control.kit import clock
from burgee.control.saml import keys
from burgee.control.saml.addresses import entity_id, response_url
from burgee.control.saml.models import SamlConfiguration
from burgee.control.saml.names import ASSERTION, POST, PROTOCOL, RSA_SHA256, tag
from burgee.control.saml.provider import Provider

ET.register_namespace("samlp", PROTOCOL)
ET.register_namespace("saml", ASSERTION)

LASTS: Final = timedelta(minutes=30)
"""How long people may take at the identity provider."""


def sign_on_address(configuration: SamlConfiguration, provider: Provider) -> str:
    """Where to send a browser: the provider's address with a signed request for this configuration."""
    request = _request(configuration, provider)
    query = f"SAMLRequest={quote_plus(_deflated(request))}&SigAlg={quote_plus(RSA_SHA256)}"
    written = base64.b64encode(keys.signature(query, keys.opened(configuration.ciphertext))).decode()
    joint = "&" if "?" in provider.sign_on_url else "?"
    return f"{provider.sign_on_url}{joint}{query}&Signature={quote_plus(written)}"


def is_ours(request_id: str, configuration: SamlConfiguration) -> bool:
    """Whether we asked under this id, about this configuration, not too long ago."""
    try:
        _signer(configuration).unsign(request_id.removeprefix("_"), max_age=LASTS)
    except signing.BadSignature:
        return False
    return request_id.startswith("_")


def _request(configuration: SamlConfiguration, provider: Provider) -> bytes:
    root = ET.Element(
        tag(PROTOCOL, "AuthnRequest"),
        {
            "ID": f"_{_signer(configuration).sign(secrets.token_hex(16))}",
            "Version": "2.0",
            "IssueInstant": clock.now().strftime("%Y-%m-%dT%H:%M:%SZ"),
            "Destination": provider.sign_on_url,
            "ProtocolBinding": POST,
            "AssertionConsumerServiceURL": response_url(configuration),
        },
    )
    ET.SubElement(root, tag(ASSERTION, "Issuer")).text = entity_id(configuration)
    # Neither a format of the NameID nor a way of authentication: providers refuse what they cannot promise.
    ET.SubElement(root, tag(PROTOCOL, "NameIDPolicy"), {"AllowCreate": "true"})
    return ET.tostring(root)


def _deflated(xml: bytes) -> str:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return base64.b64encode(packer.compress(xml) + packer.flush()).decode()


def _signer(configuration: SamlConfiguration) -> signing.TimestampSigner:
    # Ids of XML may not hold the colon that is usual here.
    return signing.TimestampSigner(salt=f"burgee.saml.request.{configuration.pk}", sep=".")
