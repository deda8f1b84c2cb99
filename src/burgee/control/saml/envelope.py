"""The shape that an answer must have before any library looks at its signatures.

One response, one assertion directly in it, signatures only there and only over the element around them, by algorithms
that are named here. Whatever could be wrapped around or slipped in between has no place in it.
"""

import base64
import binascii
from collections.abc import Iterable
from typing import Final

from django.conf import settings

from burgee.control.saml.documents import LARGEST_RESPONSE, Element, Unreadable, elements, parsed, without_declaration
from burgee.control.saml.errors import ResponseRefused
from burgee.control.saml.names import (
    ASSERTION,
    DIGESTS,
    DSIG,
    ENCRYPTIONS,
    ENVELOPED,
    EXCLUSIVE,
    EXCLUSIVE_FORMS,
    PROTOCOL,
    SIGNATURES,
    XENC,
    tag,
)

RESPONSE: Final = tag(PROTOCOL, "Response")
PLAIN: Final = tag(ASSERTION, "Assertion")
ENCRYPTED: Final = tag(ASSERTION, "EncryptedAssertion")
SIGNATURE: Final = tag(DSIG, "Signature")
ENCRYPTION_METHOD: Final = tag(XENC, "EncryptionMethod")
RETRIEVAL: Final = tag(DSIG, "RetrievalMethod")
FETCHED: Final = tag(XENC, "CipherReference")


def opened(posted: str) -> str:
    """The XML that was posted, when it has the right shape; ResponseRefused otherwise."""
    try:
        text = without_declaration(_decoded(posted), largest=LARGEST_RESPONSE)
        root = parsed(text)
    except Unreadable as error:
        raise ResponseRefused(why=str(error)) from error
    require_shape(root)
    return text


def _decoded(posted: str) -> bytes:
    if len(posted) > LARGEST_RESPONSE * 2:
        raise Unreadable(f"it has more than {LARGEST_RESPONSE} bytes.")
    try:
        return base64.b64decode("".join(posted.split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise Unreadable("it is not base64.") from error


def require_shape(root: Element) -> None:
    """Raise unless `root` is a response of the one shape; to be asked again once the assertion is decrypted."""
    every = elements(root)
    # Not by iterating: python3-saml's elements hide them.
    if root.xpath("//comment() | //processing-instruction()"):
        raise ResponseRefused(why="it holds comments or processing instructions.")
    if root.tag != RESPONSE or any(element.tag == RESPONSE for element in every[1:]):
        raise ResponseRefused(why="it is not one SAML response.")
    _require_status(root)
    _require_unique_ids(every)
    assertions = [element for element in every if element.tag in {PLAIN, ENCRYPTED}]
    if len(assertions) != 1 or assertions[0].getparent() is not root:
        raise ResponseRefused(why="it must hold exactly one assertion.")
    signatures = [element for element in every if element.tag == SIGNATURE]
    _require_places(signatures, (root, assertions[0]))
    for signature in signatures:
        _require_signature(signature)
    _require_encryption(every)


def _require_status(root: Element) -> None:
    code = root.find(f"{tag(PROTOCOL, 'Status')}/{tag(PROTOCOL, 'StatusCode')}")
    said = (code.get("Value") or "") if code is not None else ""
    if said != "urn:oasis:names:tc:SAML:2.0:status:Success":
        last = said.rpartition(":")[2][:50]
        raise ResponseRefused(why=f"the identity provider did not sign this person in ({last or 'no status'}).")


def _require_unique_ids(every: Iterable[Element]) -> None:
    seen: set[str] = set()
    for element in every:
        for name in ("ID", "Id", "id", "{http://www.w3.org/XML/1998/namespace}id"):
            found = element.get(name)
            if found is None:
                continue
            if found in seen:
                raise ResponseRefused(why="two of its elements have the same ID.")
            seen.add(found)


def _require_places(signatures: list[Element], carriers: tuple[Element, ...]) -> None:
    places = [signature.getparent() for signature in signatures]
    if any(not any(place is carrier for carrier in carriers) for place in places):
        raise ResponseRefused(why="a signature stands where none may stand.")
    if any(sum(place is carrier for place in places) > 1 for carrier in carriers):
        raise ResponseRefused(why="an element is signed twice.")


def _require_signature(signature: Element) -> None:
    """It covers the element around it and nothing else, by algorithms that nobody can bend."""
    names = [child.tag for child in signature]
    if names not in (
        [tag(DSIG, "SignedInfo"), tag(DSIG, "SignatureValue")],
        [tag(DSIG, "SignedInfo"), tag(DSIG, "SignatureValue"), tag(DSIG, "KeyInfo")],
    ):
        raise ResponseRefused(why="a signature holds more than a signature.")
    info = signature[0]
    if [child.tag for child in info] != [tag(DSIG, name) for name in SIGNED_INFO]:
        raise ResponseRefused(why="a signature does not cover exactly one element.")
    _require_algorithm(info[0], EXCLUSIVE_FORMS | settings.SAML_CANONICALIZATIONS)
    _require_algorithm(info[1], SIGNATURES)
    reference = info[2]
    signed = signature.getparent().get("ID")
    if not signed or reference.get("URI") != f"#{signed}":
        raise ResponseRefused(why="a signature covers another element than the one that it stands in.")
    if [child.tag for child in reference] != [tag(DSIG, name) for name in REFERENCE]:
        raise ResponseRefused(why="a signature changes what it covers.")
    _require_transforms(reference[0])
    _require_algorithm(reference[1], DIGESTS)


SIGNED_INFO: Final = ("CanonicalizationMethod", "SignatureMethod", "Reference")
REFERENCE: Final = ("Transforms", "DigestMethod", "DigestValue")


def _require_transforms(transforms: Element) -> None:
    """Without itself, in a canonical form: any other transformation could leave nothing of what is signed."""
    named = [child.get("Algorithm") for child in transforms]
    if named[:1] != [ENVELOPED] or len(named) > 2:
        raise ResponseRefused(why="a signature changes what it covers.")
    for transform in transforms[1:]:
        _require_algorithm(transform, EXCLUSIVE_FORMS | settings.SAML_CANONICALIZATIONS)
    if any(child.tag != tag(EXCLUSIVE, "InclusiveNamespaces") for child in transforms.iterfind("*/*")):
        raise ResponseRefused(why="a signature changes what it covers.")


def _require_encryption(every: Iterable[Element]) -> None:
    for element in every:
        if element.tag == ENCRYPTION_METHOD:
            _require_algorithm(element, ENCRYPTIONS)
        elif element.tag == FETCHED or (element.tag == RETRIEVAL and not element.get("URI", "").startswith("#")):
            raise ResponseRefused(why="it points to something elsewhere.")


def _require_algorithm(element: Element, known: frozenset[str]) -> None:
    named = element.get("Algorithm") or ""
    if named not in known:
        raise ResponseRefused(why=f"the algorithm {named[:100] or 'without a name'} is not accepted.")
