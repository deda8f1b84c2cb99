"""Names of XML that SAML is made of, and of algorithms that are sound."""

from typing import Final

PROTOCOL: Final = "urn:oasis:names:tc:SAML:2.0:protocol"
ASSERTION: Final = "urn:oasis:names:tc:SAML:2.0:assertion"
METADATA: Final = "urn:oasis:names:tc:SAML:2.0:metadata"
DSIG: Final = "http://www.w3.org/2000/09/xmldsig#"
XENC: Final = "http://www.w3.org/2001/04/xmlenc#"
XENC11: Final = "http://www.w3.org/2009/xmlenc11#"
EXCLUSIVE: Final = "http://www.w3.org/2001/10/xml-exc-c14n#"

REDIRECT: Final = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
POST: Final = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
BEARER: Final = "urn:oasis:names:tc:SAML:2.0:cm:bearer"
TRANSIENT: Final = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient"
RSA_SHA256: Final = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"

ENVELOPED: Final = DSIG + "enveloped-signature"
EXCLUSIVE_FORMS: Final = frozenset({EXCLUSIVE, EXCLUSIVE + "WithComments"})

SIGNATURES: Final = frozenset(
    {
        RSA_SHA256,
        "http://www.w3.org/2001/04/xmldsig-more#rsa-sha384",
        "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512",
        "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256",
        "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384",
        "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512",
        "http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1",
        "http://www.w3.org/2007/05/xmldsig-more#sha384-rsa-MGF1",
        "http://www.w3.org/2007/05/xmldsig-more#sha512-rsa-MGF1",
    }
)
DIGESTS: Final = frozenset(
    {
        XENC + "sha256",
        "http://www.w3.org/2001/04/xmldsig-more#sha384",
        XENC + "sha512",
    }
)
ENCRYPTIONS: Final = frozenset(
    {
        XENC + "tripledes-cbc",
        XENC + "aes128-cbc",
        XENC + "aes192-cbc",
        XENC + "aes256-cbc",
        XENC11 + "aes128-gcm",
        XENC11 + "aes192-gcm",
        XENC11 + "aes256-gcm",
        XENC + "rsa-oaep-mgf1p",
        XENC11 + "rsa-oaep",
    }
)
"""Without RSA 1.5, whose errors tell an attacker what was encrypted. What SAML itself demands is old but in use."""


def tag(namespace: str, name: str) -> str:
    return f"{{{namespace}}}{name}"
