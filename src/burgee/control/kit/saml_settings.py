"""What operators may say about SAML."""

from typing import Annotated, Final

from msgspec import Struct

from burgee.settings_reader import SettingsError, Var

CANONICALIZATIONS: Final = frozenset(
    {
        "http://www.w3.org/TR/2001/REC-xml-c14n-20010315",
        "http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments",
        "http://www.w3.org/2006/12/xml-c14n11",
        "http://www.w3.org/2006/12/xml-c14n11#WithComments",
    }
)
"""What may be allowed besides exclusive canonicalization."""


class SamlSettings(Struct, frozen=True, kw_only=True):
    """How answers of identity providers are read. The connections are made in the organisation's settings."""

    accepted_time_diff: Annotated[
        int,
        Var(
            "SAML_ACCEPTED_TIME_DIFF",
            about="Seconds by which the clock of an identity provider may be wrong.",
            ge=0,
            le=600,
        ),
    ] = 60
    use_name_id_as_email: Annotated[
        bool,
        Var("SAML_USE_NAME_ID_AS_EMAIL", about="Take the NameID as e-mail address when no attribute has one."),
    ] = False
    force_ssl: Annotated[
        bool,
        Var("SAML_FORCE_SSL", about="Tell identity providers an https address, even when BURGEE_PUBLIC_URL is http."),
    ] = False
    extra_canonicalizations: Annotated[
        tuple[str, ...],
        Var(
            "EXTRA_ALLOWED_CANONICALIZATIONS",
            about="Canonicalization algorithms that signatures may use besides exclusive ones, by their URI.",
        ),
    ] = ()


def canonicalizations(named: tuple[str, ...]) -> frozenset[str]:
    """`named`, when each is one; any other transformation would let a signature cover something else."""
    unknown = sorted(set(named) - CANONICALIZATIONS)
    if unknown:
        known = ", ".join(sorted(CANONICALIZATIONS))
        raise SettingsError([f"EXTRA_ALLOWED_CANONICALIZATIONS names {unknown[0]}. It may name: {known}."])
    return frozenset(named)
