"""What can go wrong with machines that are known elsewhere."""

from burgee.control.kit.errors import DomainError


class TrustedAlready(DomainError):
    code = "trusted_already"
    message = "A trust relationship with this issuer and audience already exists."
    field = "non_field_errors"


class RuleNeeded(DomainError):
    code = "rule_needed"
    message = "Everybody can get tokens of this issuer: say with at least one rule whose you accept."
    field = "claim_rules"


class TokenInvalid(DomainError):
    """The token that a machine showed is not, or not provably, what it says."""

    code = "invalid_token"
    status = 401
    message = "The token is not valid: {why}"


class NoMatchingTrust(DomainError):
    code = "no_matching_trust_relationship"
    status = 401
    message = "No trust relationship matches this token."
