"""What can be wrong with reports about the health of features."""

from burgee.control.kit.errors import DomainError, NotFound


class ProviderExists(DomainError):
    code = "health_provider_exists"
    field = "name"
    message = "This project has a provider of this name already."


class ProviderUnknown(NotFound):
    """A name or an address that belongs to no provider."""

    message = "No FeatureHealthProvider matches the given query."


class UnknownFeature(DomainError):
    code = "unknown_feature"
    field = "feature"
    message = "There is no feature with this name in the project."


class UnknownEnvironment(DomainError):
    code = "unknown_environment"
    field = "environment"
    message = "There is no environment with this name in the project."
