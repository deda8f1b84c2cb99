"""What can go wrong with the directory."""

from burgee.control.kit.errors import DomainError


class DirectorySilent(DomainError):
    """No directory answered, or none as it should; the log says more."""

    code = "directory_silent"
    status = 503
    shows_code = True
    message = "The directory that knows your password cannot be reached right now. Please try again later."


class AddressMissing(DomainError):
    code = "address_missing"
    status = 403
    message = "The directory has no e-mail address for you. Ask its administrators to add one."


class DirectoryMisread(DomainError):
    """The settings do not fit the directory; for the operator."""

    code = "directory_misread"
    message = "{why}"
