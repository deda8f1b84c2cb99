"""What can go wrong with accounts."""

from burgee.control.kit.errors import DomainError


class EmailTaken(DomainError):
    code = "email_taken"
    message = "Email already exists. Please log in."
    field = "email"


class WrongCredentials(DomainError):
    code = "wrong_credentials"
    message = "Unable to log in with provided credentials."
    field = "non_field_errors"


class WrongPassword(DomainError):
    code = "wrong_password"
    message = "Invalid password."
    field = "current_password"


class LinkInvalid(DomainError):
    code = "link_invalid"
    message = "Invalid token for given user."
    field = "token"


class SignUpClosed(DomainError):
    code = "sign_up_closed"
    status = 403
    message = "Signing up is switched off on this server."


class InviteNeeded(DomainError):
    code = "invite_needed"
    status = 403
    message = "Signing up on this server needs an invite."


class PasswordsRefused(DomainError):
    code = "passwords_refused"
    status = 403
    message = "Signing in with a password is switched off on this server."


class NotTheFirstUser(DomainError):
    code = "not_the_first_user"
    message = "Only the first user can be made a superuser here."
    field = "superuser"


class SetUpAlready(DomainError):
    code = "set_up_already"
    message = "There are users already."
