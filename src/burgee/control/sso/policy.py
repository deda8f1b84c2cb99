"""Which methods people may sign in by: pure rules. A rule of the domain wins over the one for everybody."""

from collections.abc import Collection, Mapping
from typing import Final

from burgee.control.sso.people import Method

EVERY_DOMAIN: Final = "*"

EVERY_METHOD: Final = frozenset(Method)


def domain_of(email: str) -> str:
    """The domain of an address as rules are compared: lower case, in the ASCII form, without a final dot."""
    return plain_domain(email.strip().rpartition("@")[2])


def plain_domain(domain: str) -> str:
    folded = domain.strip().rstrip(".").casefold()
    try:
        return folded.encode("idna").decode("ascii")
    except UnicodeError:
        return folded


def allowed(
    domain: str, rules: Mapping[str, Collection[Method]], everywhere: Collection[Method] = ()
) -> frozenset[Method]:
    """The methods for addresses of `domain`. `everywhere` is what the operator set for all; empty means all."""
    if domain in rules:
        return frozenset(rules[domain])
    return frozenset(everywhere or rules.get(EVERY_DOMAIN, ()) or EVERY_METHOD)
