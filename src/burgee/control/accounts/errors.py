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


class SignInLocked(DomainError):
    """Too many failures; ``seconds`` says for how long."""

    code = "sign_in_locked"
    status = 429
    message = "Signing in is locked after too many failures."

    def __init__(self, *, seconds: int) -> None:
        self.seconds = seconds
        super().__init__()


class WrongPassword(DomainError):
    code = "wrong_password"
    message = "Invalid password."
    field = "current_password"


class OwnAccount(DomainError):
    code = "own_account"
    message = "Another superuser has to change that about your own account."


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


class NewEmailTaken(DomainError):
    code = "new_email_taken"
    message = "Another account has this address."
    field = "new_email"


class LinkUsed(DomainError):
    code = "link_used"
    status = 403
    message = "Stale token for given user."


class ActivationOff(DomainError):
    code = "activation_off"
    message = "Accounts need no activation on this server."


class SecondFactorError(DomainError):
    code = "second_factor"


class SecondFactorThere(SecondFactorError):
    code = "second_factor_there"
    message = "MFA method already active."


class SecondFactorMissing(SecondFactorError):
    code = "second_factor_missing"
    message = "2FA is not enabled."


class ChallengeInvalid(SecondFactorError):
    code = "challenge_invalid"
    status = 401
    message = "Invalid or expired token."


class SecondFactorRefused(SecondFactorError):
    code = "second_factor_refused"
    status = 401
    message = "Invalid or expired code."


class PasskeysUnavailable(SecondFactorError):
    code = "passkeys_unavailable"
    message = "Passkeys need this server to have a domain and https: its operator sets BURGEE_PUBLIC_URL."


class PasskeyRefused(SecondFactorError):
    code = "passkey_refused"
    status = 401
    message = "This passkey was not accepted."


class PasskeyNotMade(SecondFactorError):
    code = "passkey_not_made"
    message = "This passkey cannot be added: {why}"


class PasskeyThere(SecondFactorError):
    code = "passkey_there"
    status = 409
    message = "This passkey was added already."


class TooManyPasskeys(SecondFactorError):
    code = "too_many_passkeys"
    message = "An account has at most {most} passkeys."


class ProofNeeded(SecondFactorError):
    """What guards an account changes only for whoever has just proved to own it."""

    code = "proof_needed"
    status = 403
    message = "Please prove again that it is you: sign in anew, or send your password or a code."


class CodeRefused(DomainError):
    code = "code_refused"
    message = "Code invalid or expired."
    field = "code"
