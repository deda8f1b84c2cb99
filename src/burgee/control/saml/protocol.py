"""python3-saml decrypts, checks schema and signatures; what it is lenient about is asked again in `assertions`."""

import base64
import logging
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings

from burgee.control.saml import keys
from burgee.control.saml.addresses import entity_id, response_url
from burgee.control.saml.documents import Element
from burgee.control.saml.envelope import require_shape
from burgee.control.saml.errors import ResponseRefused, SamlMissing
from burgee.control.saml.models import SamlConfiguration
from burgee.control.saml.provider import Provider

log = logging.getLogger(__name__)

WORDS: Final = {
    "ASSERTION_TOO_EARLY": "it is not valid yet; compare the clocks.",
    "ASSERTION_EXPIRED": "it has expired; compare the clocks.",
    "SESSION_EXPIRED": "the session at the identity provider has ended.",
    "WRONG_AUDIENCE": "it is meant for another service (Audience).",
    "WRONG_DESTINATION": "it was sent to another address (Destination).",
    "WRONG_ISSUER": "somebody else issued it (Issuer).",
    "WRONG_SUBJECTCONFIRMATION": (
        "it has expired, or is for another address (Recipient) or request (InResponseTo): SubjectConfirmation."
    ),
    "INVALID_SIGNATURE": "its signature is not one of the identity provider's certificates in the metadata.",
    "NO_SIGNATURE_FOUND": "it is not signed.",
    "INVALID_XML_FORMAT": "it does not keep to the schema of SAML.",
    "ENCRYPTED_ATTRIBUTES": "single attributes are encrypted; encrypt the whole assertion.",
    "ISSUER_NOT_FOUND_IN_ASSERTION": "somebody else issued it (Issuer).",
}


def is_installed() -> bool:
    try:
        _library()
    except SamlMissing:
        return False
    return True


def require_installed() -> None:
    _library()


def verified(xml: str, configuration: SamlConfiguration, provider: Provider) -> Element:
    """The whole response, decrypted, whose assertion the provider signed; ResponseRefused says what is wrong.

    `xml` must have passed `envelope.opened`.
    """
    library = _library()
    ciphertexts = [text for text in (configuration.ciphertext, configuration.next_ciphertext) if text]
    response = _readable(library, xml, [_settings(configuration, provider, keys.opened(text)) for text in ciphertexts])
    document = response.get_xml_document()
    require_shape(document)
    place = urlsplit(response_url(configuration))
    asked = {"https": "on" if place.scheme == "https" else "off", "http_host": place.netloc, "script_name": place.path}
    try:
        response.is_valid(asked, raise_exceptions=True)
    except Exception as error:
        raise ResponseRefused(why=_words(library, error)) from error
    return document


class _Library:
    def __init__(self) -> None:
        try:
            from onelogin.saml2.constants import OneLogin_Saml2_Constants
            from onelogin.saml2.errors import OneLogin_Saml2_ValidationError
            from onelogin.saml2.response import OneLogin_Saml2_Response
            from onelogin.saml2.settings import OneLogin_Saml2_Settings
        except ImportError as error:
            raise SamlMissing from error
        # The library has one tolerance for the whole process.
        OneLogin_Saml2_Constants.ALLOWED_CLOCK_DRIFT = settings.SAML.accepted_time_diff
        self.response: Any = OneLogin_Saml2_Response
        self.settings: Any = OneLogin_Saml2_Settings
        self.invalid: Any = OneLogin_Saml2_ValidationError


def _library() -> _Library:
    """Loaded by the first who needs it: it takes 25 MB that a server without SAML does not pay."""
    return _Library()


def _readable(library: _Library, xml: str, candidates: list[Any]) -> Any:
    """The response, decrypted with the first of our keys that fits. Every failure sounds the same: see RSA 1.5, CBC."""
    encoded = base64.b64encode(xml.encode()).decode()
    for number, facts in enumerate(candidates, start=1):
        try:
            return library.response(library.settings(facts), encoded)
        except Exception as error:
            log.debug("key %s did not open a SAML response", number, exc_info=error)
    raise ResponseRefused(why="it cannot be decrypted.")


def _settings(configuration: SamlConfiguration, provider: Provider, key: str) -> dict[str, Any]:
    return {
        "strict": True,
        "sp": {
            "entityId": entity_id(configuration),
            "assertionConsumerService": {"url": response_url(configuration)},
            "x509cert": keys.body(configuration.certificate),
            "privateKey": key,
        },
        "idp": {
            "entityId": provider.entity_id,
            "singleSignOnService": {"url": provider.sign_on_url},
            "x509certMulti": {"signing": list(provider.certificates)},
        },
        "security": {
            "allowSingleLabelDomains": True,
            "allowRepeatAttributeName": True,
            "rejectDeprecatedAlgorithm": True,
            "requestedAuthnContext": False,
            "wantAttributeStatement": False,
            "wantNameId": False,
        },
    }


def _words(library: _Library, error: Exception) -> str:
    """Ours for what people meet; the library's own for the rest."""
    if not isinstance(error, library.invalid):
        log.info("a SAML response could not be checked", exc_info=error)
        return "it cannot be checked."
    names = {number: name for name, number in vars(library.invalid).items() if isinstance(number, int)}
    return WORDS.get(names.get(getattr(error, "code", -1), ""), str(error)[:300])
