"""What can go wrong with SAML."""

from burgee.control.kit.errors import DomainError, NotFound


class SamlMissing(DomainError):
    """The libraries are an extra of the installation."""

    code = "saml_missing"
    status = 501
    message = "This server has no SAML libraries. Its operator installs them with: pip install 'burgee[saml]'"


class NameTaken(DomainError):
    code = "saml_name_taken"
    message = "A SAML configuration with this name exists already."
    field = "name"


class NameReserved(DomainError):
    code = "saml_name_reserved"
    message = "This name cannot be used."
    field = "name"


class MetadataWrong(DomainError):
    code = "saml_metadata_wrong"
    message = "{why}"
    field = "idp_metadata_xml"


class MetadataSilent(DomainError):
    """The address of the metadata gives none that can be used."""

    code = "saml_metadata_silent"
    message = "{why}"
    field = "idp_metadata_url"


class TooManyMappings(DomainError):
    code = "saml_too_many_mappings"
    message = "A configuration may have at most {limit} attribute mappings."
    field = "saml_configuration"


class KeyChanging(DomainError):
    code = "saml_key_changing"
    status = 409
    message = "The key is being replaced already: finish that, or take it back."


class KeyLost(DomainError):
    """It was stored under a secret key that this server does not have any more."""

    code = "saml_key_lost"
    status = 409
    message = "The key of this SAML configuration cannot be read any more: an administrator has to replace it."


class KeyNotChanging(DomainError):
    code = "saml_key_not_changing"
    status = 409
    message = "There is no next key."


class NoConfiguration(NotFound):
    code = "saml_configuration_missing"
    message = "No SAML configuration has this name."


class ProviderUnknown(DomainError):
    code = "saml_provider_unknown"
    message = "The metadata of the identity provider is missing in this SAML configuration."


class ResponseRefused(DomainError):
    """What came is not, or not provably, an answer of the identity provider for us, now; ``why`` says it."""

    code = "saml_response_refused"
    status = 401
    message = "The identity provider's answer was refused: {why}"
