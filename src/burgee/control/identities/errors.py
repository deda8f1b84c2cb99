"""What can be wrong with an identity or a trait."""

from burgee.control.kit.errors import DomainError, NotFound


class IdentityTaken(DomainError):
    code = "identity_taken"
    field = "identifier"
    message = "Identity with identifier '{identifier}' already exists in this environment"


class TraitNotFound(NotFound):
    message = "No Trait matches the given query."


class TraitKeyTaken(DomainError):
    """A new trait for a key that the identity has already."""

    code = "trait_key_taken"
    field = "trait_key"
    message = "The identity already has a trait with this key."


class TraitKeyUnknown(DomainError):
    code = "trait_key_unknown"
    message = "No trait with key {key} exists in this environment."


class TooManyTraitKeys(DomainError):
    code = "too_many_trait_keys"
    field = "trait_key"
    message = "This environment has too many different trait keys."


class TooManyTraits(DomainError):
    code = "too_many_traits"
    field = "trait_key"
    message = "An identity has at most {limit} traits."
