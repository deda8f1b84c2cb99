"""What can go wrong between a person, their issuer and us."""

from burgee.control.kit.errors import DomainError, NotFound


class SlugTaken(DomainError):
    code = "slug_taken"
    message = "Another provider of this server has this name in its address."
    field = "slug"


class IssuerUnusable(DomainError):
    code = "issuer_unusable"
    message = "This issuer cannot be used: {why}"
    field = "issuer"


class ProviderUnknown(NotFound):
    message = "There is no such way of signing in on this server."

    def __init__(self) -> None:
        super().__init__()


class SignInRefused(DomainError):
    """The issuer, or what came back from it, does not prove who this is."""

    code = "sign_in_refused"
    status = 401
    message = "{why}"


class JourneyLost(SignInRefused):
    """What came back was not begun in this browser, or too long ago."""

    code = "journey_lost"

    def __init__(self) -> None:
        super().__init__(why="This sign-in was not begun in this browser, or too long ago. Please start again.")
