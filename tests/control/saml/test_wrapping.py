"""Signature wrapping: the provider's own signature beside an assertion of the attacker (XSW 1 to 8, and more)."""

from collections.abc import Callable
from copy import deepcopy

import pytest
from lxml import etree

from burgee.control.accounts.models import User
from tests.control.saml.forge import NAMES, encrypt, find, sign, signed

DS = f"{{{NAMES['ds']}}}"
SAMLP = f"{{{NAMES['samlp']}}}"
SAML = f"{{{NAMES['saml']}}}"


def evil(element: etree._Element) -> etree._Element:
    """A copy that names somebody else, without the signature."""
    copy = deepcopy(element)
    for signature in copy.findall(".//ds:Signature", NAMES):
        signature.getparent().remove(signature)
    for value in copy.findall(".//saml:AttributeValue", NAMES):
        value.text = "eve@acme.example"
    copy.set("ID", "_evil")
    return copy


def bare(element: etree._Element) -> etree._Element:
    copy = deepcopy(element)
    for signature in copy.findall("ds:Signature", NAMES):
        copy.remove(signature)
    return copy


def xsw1(tree):
    """The signed response inside the signature of a forged one."""
    forged, signature = evil(tree), deepcopy(find(tree, "ds:Signature"))
    signature.append(bare(tree))
    forged.insert(1, signature)
    return forged


def xsw2(tree):
    """The signed response before its signature, detached."""
    forged = evil(tree)
    forged.insert(1, bare(tree))
    forged.insert(2, deepcopy(find(tree, "ds:Signature")))
    return forged


def xsw3(tree):
    """A forged assertion before the signed one."""
    tree.insert(2, evil(find(tree, "saml:Assertion")))
    return tree


def xsw4(tree):
    """The signed assertion inside a forged one."""
    good = find(tree, "saml:Assertion")
    forged = evil(good)
    tree.replace(good, forged)
    forged.append(good)
    return tree


def xsw5(tree):
    """The forged assertion carries the signature; the signed one stands at the end."""
    good = find(tree, "saml:Assertion")
    forged, signature = evil(good), deepcopy(find(good, "ds:Signature"))
    forged.insert(1, signature)
    tree.replace(good, forged)
    tree.append(bare(good))
    return tree


def xsw6(tree):
    """The same, with the signed one inside the signature."""
    good = find(tree, "saml:Assertion")
    forged, signature = evil(good), deepcopy(find(good, "ds:Signature"))
    signature.append(bare(good))
    forged.insert(1, signature)
    tree.replace(good, forged)
    return tree


def xsw7(tree):
    """A forged assertion in an extension, where schemas look away."""
    extensions = etree.Element(f"{SAMLP}Extensions")
    extensions.append(evil(find(tree, "saml:Assertion")))
    tree.insert(1, extensions)
    return tree


def xsw8(tree):
    """The signed assertion in an object of the signature that the forged one carries."""
    good = find(tree, "saml:Assertion")
    forged, signature = evil(good), deepcopy(find(good, "ds:Signature"))
    etree.SubElement(signature, f"{DS}Object").append(bare(good))
    forged.insert(1, signature)
    tree.replace(good, forged)
    return tree


def same_id(tree):
    """A forged assertion with the ID of the signed one."""
    good = find(tree, "saml:Assertion")
    forged = evil(good)
    forged.set("ID", good.get("ID"))
    good.getparent().replace(good, forged)
    etree.SubElement(tree, f"{SAMLP}Extensions").append(good)
    return tree


def hidden_id(tree):
    """The same, with an attribute that only some readers take for an ID."""
    forged = evil(find(tree, "saml:Assertion"))
    forged.set("Id", "_a1")
    tree.append(forged)
    return tree


def in_advice(tree):
    """The signed assertion as advice of a forged one."""
    good = find(tree, "saml:Assertion")
    forged = evil(good)
    tree.replace(good, forged)
    etree.SubElement(forged, f"{SAML}Advice").append(good)
    return tree


def two_signatures(tree):
    good = find(tree, "saml:Assertion")
    good.insert(1, deepcopy(find(good, "ds:Signature")))
    return tree


def two_references(tree):
    info = find(tree, ".//ds:SignedInfo")
    info.append(deepcopy(info[2]))
    return tree


def moved_signature(tree):
    """The assertion's signature is the response's."""
    good = find(tree, "saml:Assertion")
    tree.insert(1, find(good, "ds:Signature"))
    find(tree, ".//saml:AttributeValue").text = "eve@acme.example"
    return tree


def inner_response(tree):
    etree.SubElement(tree, f"{SAMLP}Extensions").append(deepcopy(tree))
    return tree


WRAPPED: dict[str, tuple[Callable, bool]] = {
    "xsw1": (xsw1, True),
    "xsw2": (xsw2, True),
    "xsw3": (xsw3, False),
    "xsw4": (xsw4, False),
    "xsw5": (xsw5, False),
    "xsw6": (xsw6, False),
    "xsw7": (xsw7, False),
    "xsw8": (xsw8, False),
    "same id": (same_id, False),
    "hidden id": (hidden_id, False),
    "in advice": (in_advice, False),
    "two signatures": (two_signatures, False),
    "two references": (two_references, False),
    "moved signature": (moved_signature, False),
    "response in response": (inner_response, False),
}


@pytest.mark.parametrize("what", WRAPPED)
def test_what_is_wrapped_around_a_signed_assertion_lets_nobody_in(what, answer, idp_keys, bring) -> None:
    wrap, whole = WRAPPED[what]
    tree = signed(answer, idp_keys, response=whole, assertion=not whole)

    brought = bring(wrap(etree.fromstring(etree.tostring(tree))))

    assert brought.status_code == 401, brought.content
    assert not User.objects.filter(auth_type="SAML").exists()


@pytest.mark.parametrize("what", [what for what in WRAPPED if not WRAPPED[what][1]])
def test_nor_does_it_when_the_provider_signed_the_response_before(what, answer, idp_keys, bring) -> None:
    """The wrapped assertion must not slip in behind a second signature that covers something else."""
    tree = etree.fromstring(etree.tostring(signed(answer, idp_keys)))
    sign(tree, idp_keys)

    assert bring(WRAPPED[what][0](tree)).status_code == 401


def test_nor_when_the_forged_assertion_is_encrypted(answer, idp_keys, connection, bring) -> None:
    """Everybody can encrypt for us: the signed assertion in clear must not vouch for one that is not."""
    tree = signed(answer, idp_keys)
    good = deepcopy(find(tree, "saml:Assertion"))
    tree.replace(find(tree, "saml:Assertion"), evil(good))
    encrypt(tree, connection.certificate)
    tree.append(good)

    assert bring(tree).status_code == 401


@pytest.mark.parametrize("inside", ["<!-- x -->", "<?x y?>"])
def test_comments_that_were_encrypted_are_refused(inside, answer, idp_keys, connection, bring) -> None:
    xml = etree.tostring(signed(answer, idp_keys), encoding="unicode").replace("grace@", f"grace{inside}@")
    tree = encrypt(etree.fromstring(xml), connection.certificate)

    brought = bring(tree)

    assert brought.status_code == 401
    assert "comments" in brought.json()["detail"]
