"""What can go wrong between the directory of a company and its organisation."""

from burgee.control.kit.errors import Conflict, DomainError, NotFound


class SwitchedOnAlready(Conflict):
    code = "scim_switched_on"
    message = "SCIM is switched on already: make a new token instead."


class SwitchedOff(NotFound):
    message = "SCIM is not switched on in this organisation."

    def __init__(self) -> None:
        super().__init__()


class TokenUnknown(DomainError):
    code = "scim_token_unknown"
    status = 401
    message = "This is not the token of an organisation."


class UserNameUnusable(DomainError):
    code = "user_name_unusable"
    message = "The userName must be an e-mail address."


class PersonKnown(Conflict):
    code = "person_known"
    message = "Somebody with this userName is here already."


class PersonElsewhere(Conflict):
    """The account is not this organisation's to let in."""

    code = "person_elsewhere"
    message = "Somebody with this userName has an account that is not this organisation's alone: invite them instead."


class NameOfAnother(DomainError):
    """The userName is the address of an account that belongs to its owner."""

    code = "name_of_another"
    message = "The userName is the address of an account that is its owner's: only the owner changes it."


class PersonExternalIdTaken(Conflict):
    code = "person_external_id_taken"
    message = "Somebody else has this externalId."


class UnknownMembers(DomainError):
    code = "unknown_group_members"
    message = "Some members are not people of this organisation."


class ValueTooLong(DomainError):
    code = "scim_value_too_long"
    message = "{what} may have at most {most} {unit}."
