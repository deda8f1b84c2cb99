"""XML from outside, read so that it can neither fetch nor grow, and says the same to whoever reads it after us."""

import re
from typing import Any, Final

from burgee.control.saml.errors import SamlMissing

LARGEST_RESPONSE: Final = 256 * 1024
LARGEST_METADATA: Final = 512 * 1024

DECLARATION: Final = re.compile(r"\A\s*<\?xml\s[^>]*\?>")

Element = Any
"""An lxml element; the library is an extra, so its types are not always there."""


class Unreadable(Exception):
    """The text says why."""


def without_declaration(raw: bytes, *, largest: int) -> str:
    """The text of a document that declares nothing: no types, no entities, no other encoding than UTF-8."""
    if len(raw) > largest:
        raise Unreadable(f"it has more than {largest} bytes.")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable("it is not UTF-8.") from error
    text = DECLARATION.sub("", text, count=1)
    if "\x00" in text:
        raise Unreadable("it is not UTF-8.")
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise Unreadable("it declares document types or entities.")
    return text


def parsed(text: str) -> Element:
    try:
        from lxml import etree
    except ImportError as error:
        raise SamlMissing from error

    parser = etree.XMLParser(
        resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False, remove_comments=False
    )
    try:
        return etree.fromstring(text.encode(), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Unreadable("it is not well-formed XML.") from error


def elements(root: Element) -> list[Element]:
    """Every element of the document; comments and processing instructions are none."""
    return [element for element in root.iter() if isinstance(element.tag, str)]


def text_of(element: Element | None) -> str:
    """What the element says; empty for none."""
    return "".join(element.itertext()).strip() if element is not None else ""
