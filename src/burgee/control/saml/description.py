"""Our metadata: what an identity provider must know of us."""

from xml.etree import ElementTree as ET

from burgee.control.saml import keys
from burgee.control.saml.addresses import entity_id, response_url
from burgee.control.saml.models import SamlConfiguration
from burgee.control.saml.names import DSIG, METADATA, POST, PROTOCOL, tag

ET.register_namespace("md", METADATA)
ET.register_namespace("ds", DSIG)


def certificates(configuration: SamlConfiguration) -> list[str]:
    """Ours in PEM: the one in use first."""
    both = (configuration.certificate, configuration.next_certificate)
    return [certificate for certificate in both if certificate]


def metadata(configuration: SamlConfiguration) -> str:
    """Without an end of its validity: many providers read it once and for all."""
    root = ET.Element(tag(METADATA, "EntityDescriptor"), {"entityID": entity_id(configuration)})
    role = ET.SubElement(
        root,
        tag(METADATA, "SPSSODescriptor"),
        {
            "protocolSupportEnumeration": PROTOCOL,
            "AuthnRequestsSigned": "true",
            "WantAssertionsSigned": "true",
        },
    )
    for certificate in certificates(configuration):
        for use in ("signing", "encryption"):
            _key(role, use, keys.body(certificate))
    place = {"Binding": POST, "Location": response_url(configuration), "index": "0", "isDefault": "true"}
    ET.SubElement(role, tag(METADATA, "AssertionConsumerService"), place)
    return ET.tostring(root, encoding="unicode", xml_declaration=False)


def _key(role: ET.Element, use: str, certificate: str) -> None:
    descriptor = ET.SubElement(role, tag(METADATA, "KeyDescriptor"), {"use": use})
    info = ET.SubElement(descriptor, tag(DSIG, "KeyInfo"))
    data = ET.SubElement(info, tag(DSIG, "X509Data"))
    ET.SubElement(data, tag(DSIG, "X509Certificate")).text = certificate
