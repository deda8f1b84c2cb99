"""An identity provider in our hands: answers in every shape, signed and encrypted as told."""

import base64
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import cycle
from types import SimpleNamespace

import xmlsec
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from lxml import etree

ISSUER = "https://idp.example/metadata"
SIGN_ON = "https://idp.example/sso?tenant=1&app=2"
NAMES = {
    "samlp": "urn:oasis:names:tc:SAML:2.0:protocol",
    "saml": "urn:oasis:names:tc:SAML:2.0:assertion",
    "ds": "http://www.w3.org/2000/09/xmldsig#",
    "xenc": "http://www.w3.org/2001/04/xmlenc#",
}
NAME_ID = "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified"


class Keys:
    def __init__(self, bits: int = 2048) -> None:
        key = rsa.generate_private_key(public_exponent=65537, key_size=bits)
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "idp")])
        now = dt.datetime.now(tz=dt.UTC)
        certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(1)
            .not_valid_before(now)
            .not_valid_after(now + dt.timedelta(days=3))
            .sign(key, hashes.SHA256())
        )
        plain = serialization.NoEncryption()
        self.pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
        self.certificate = certificate.public_bytes(serialization.Encoding.PEM)
        self.der = base64.b64encode(certificate.public_bytes(serialization.Encoding.DER)).decode()


@cache
def our_keys() -> Iterator[rsa.RSAPrivateKey]:
    """More than one test has at a time, in turn: each takes a tenth of a second to make."""
    return cycle([rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(6)])


def quick_rsa() -> SimpleNamespace:
    """What our side makes and knows its keys by."""
    return SimpleNamespace(RSAPrivateKey=rsa.RSAPrivateKey, generate_private_key=lambda **_: next(our_keys()))


def metadata(*keys: Keys, issuer: str = ISSUER, sign_on: str = SIGN_ON, more: str = "") -> str:
    described = "".join(
        f'<md:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="{NAMES["ds"]}"><ds:X509Data><ds:X509Certificate>'
        f"{one.der}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>"
        for one in keys
    )
    place = sign_on.replace("&", "&amp;")
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="{issuer}"{more}>'
        f'<md:IDPSSODescriptor protocolSupportEnumeration="{NAMES["samlp"]}">{described}'
        '<md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="https://x/post"/>'
        '<md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" '
        f'Location="{place}"/></md:IDPSSODescriptor></md:EntityDescriptor>'
    )


def at(seconds: float) -> str:
    moment = dt.datetime.now(tz=dt.UTC) + dt.timedelta(seconds=seconds)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass(frozen=True)
class Answer:
    """What an answer says; what is None is left out."""

    audience: str | None
    recipient: str | None
    in_response_to: str | None
    destination: str | None = ""
    issuer: str = ISSUER
    response_issuer: str | None = ""
    name_id: str | None = "u-1"
    name_id_format: str = NAME_ID
    attributes: dict[str, list[str]] = field(default_factory=lambda: {"mail": ["grace@acme.example"]})
    assertion_id: str = "_a1"
    not_before: float = -5
    not_after: float | None = 300
    confirmed_until: float | None = 300
    method: str = "urn:oasis:names:tc:SAML:2.0:cm:bearer"
    confirmed_in_response_to: str | None = ""
    context: str = "urn:oasis:names:tc:SAML:2.0:ac:classes:Password"
    status: str = "urn:oasis:names:tc:SAML:2.0:status:Success"

    def but(self, **changes: object) -> "Answer":
        return replace(self, **changes)

    def xml(self) -> etree._Element:
        return etree.fromstring(self._response(self.assertion()))

    def assertion(self) -> str:
        confirmed = self.in_response_to if self.confirmed_in_response_to == "" else self.confirmed_in_response_to
        data = _attributes(
            InResponseTo=confirmed,
            Recipient=self.recipient,
            NotOnOrAfter=None if self.confirmed_until is None else at(self.confirmed_until),
        )
        audience = (
            ""
            if self.audience is None
            else (
                f"<saml:AudienceRestriction><saml:Audience>{self.audience}</saml:Audience></saml:AudienceRestriction>"
            )
        )
        name_id = (
            ""
            if self.name_id is None
            else (f'<saml:NameID Format="{self.name_id_format}">{self.name_id}</saml:NameID>')
        )
        until = _attributes(NotOnOrAfter=None if self.not_after is None else at(self.not_after))
        told = "".join(
            f'<saml:Attribute Name="{name}">'
            + "".join(f"<saml:AttributeValue>{value}</saml:AttributeValue>" for value in values)
            + "</saml:Attribute>"
            for name, values in self.attributes.items()
        )
        statement = f"<saml:AttributeStatement>{told}</saml:AttributeStatement>" if told else ""
        return (
            f'<saml:Assertion xmlns:saml="{NAMES["saml"]}" ID="{self.assertion_id}" Version="2.0" IssueInstant="{at(0)}">'
            f"<saml:Issuer>{self.issuer}</saml:Issuer>"
            f'<saml:Subject>{name_id}<saml:SubjectConfirmation Method="{self.method}">'
            f"<saml:SubjectConfirmationData{data}/></saml:SubjectConfirmation></saml:Subject>"
            f'<saml:Conditions NotBefore="{at(self.not_before)}"{until}>{audience}</saml:Conditions>'
            f'<saml:AuthnStatement AuthnInstant="{at(0)}"><saml:AuthnContext><saml:AuthnContextClassRef>{self.context}'
            f"</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>{statement}</saml:Assertion>"
        )

    def _response(self, inside: str) -> str:
        destination = self.recipient if self.destination == "" else self.destination
        issuer = self.issuer if self.response_issuer == "" else self.response_issuer
        said = "" if issuer is None else f'<saml:Issuer xmlns:saml="{NAMES["saml"]}">{issuer}</saml:Issuer>'
        about = _attributes(InResponseTo=self.in_response_to, Destination=destination)
        return (
            f'<samlp:Response xmlns:samlp="{NAMES["samlp"]}" ID="_r1" Version="2.0" IssueInstant="{at(0)}"{about}>'
            f'{said}<samlp:Status><samlp:StatusCode Value="{self.status}"/></samlp:Status>{inside}</samlp:Response>'
        )


def _attributes(**values: str | None) -> str:
    return "".join(f' {name}="{value}"' for name, value in values.items() if value is not None)


def find(tree: etree._Element, path: str) -> etree._Element:
    found = tree.find(path, NAMES)
    assert found is not None, path
    return found


def sign(
    element: etree._Element,
    keys: Keys,
    *,
    method: str = xmlsec.Transform.RSA_SHA256,
    digest: str = xmlsec.Transform.SHA256,
    transforms: tuple[str, ...] = (xmlsec.Transform.ENVELOPED, xmlsec.Transform.EXCL_C14N),
    canonical: str = xmlsec.Transform.EXCL_C14N,
    uri: str | None = None,
) -> etree._Element:
    """Sign `element` in place: the signature follows the issuer."""
    signature = xmlsec.template.create(element, canonical, method, ns="ds")
    issuer = element.find("saml:Issuer", NAMES)
    element.insert(0 if issuer is None else 1, signature)
    reference = xmlsec.template.add_reference(signature, digest, uri=f"#{element.get('ID')}" if uri is None else uri)
    for transform in transforms:
        xmlsec.template.add_transform(reference, transform)
    info = xmlsec.template.ensure_key_info(signature)
    xmlsec.template.add_x509_data(info)
    xmlsec.tree.add_ids(element.getroottree().getroot(), ["ID"])
    context = xmlsec.SignatureContext()
    context.key = xmlsec.Key.from_memory(keys.pem, xmlsec.KeyFormat.PEM, None)
    context.key.load_cert_from_memory(keys.certificate, xmlsec.KeyFormat.PEM)
    context.sign(signature)
    return signature


def signed(answer: Answer, keys: Keys, *, response: bool = False, assertion: bool = True, **how: object):
    tree = answer.xml()
    if assertion:
        sign(find(tree, "saml:Assertion"), keys, **how)
    if response:
        sign(tree, keys, **how)
    return tree


def encrypt(
    tree: etree._Element,
    certificate: str,
    *,
    block: str = xmlsec.Transform.AES256,
    transport: str = xmlsec.Transform.RSA_OAEP,
) -> etree._Element:
    """Put the assertion of `tree`, as it is, into an EncryptedAssertion."""
    assertion = find(tree, "saml:Assertion")
    manager = xmlsec.KeysManager()
    manager.add_key(xmlsec.Key.from_memory(certificate.encode(), xmlsec.KeyFormat.CERT_PEM, None))
    wrapper = etree.Element(f"{{{NAMES['saml']}}}EncryptedAssertion")
    data = xmlsec.template.encrypted_data_create(tree, block, type=xmlsec.EncryptionType.ELEMENT, ns="xenc")
    xmlsec.template.encrypted_data_ensure_cipher_value(data)
    info = xmlsec.template.encrypted_data_ensure_key_info(data, ns="ds")
    inner = xmlsec.template.add_encrypted_key(info, transport)
    xmlsec.template.encrypted_data_ensure_cipher_value(inner)
    context = xmlsec.EncryptionContext(manager)
    kind, bits = (xmlsec.KeyData.AES, 256 if block == xmlsec.Transform.AES256 else 128)
    context.key = xmlsec.Key.generate(kind, bits, xmlsec.KeyDataType.SESSION)
    made = context.encrypt_xml(data, assertion)
    parent = made.getparent()
    parent.replace(made, wrapper)
    wrapper.append(made)
    return tree


def text(tree: etree._Element) -> str:
    return etree.tostring(tree, encoding="unicode")


def posted(tree: etree._Element | str | bytes) -> str:
    """As a browser posts it."""
    raw = tree if isinstance(tree, bytes) else (tree if isinstance(tree, str) else text(tree)).encode()
    return base64.b64encode(raw).decode()
