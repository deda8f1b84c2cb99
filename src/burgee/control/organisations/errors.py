"""What can go wrong with organisations and their members."""

from burgee.control.kit.errors import DomainError


class NotAMember(DomainError):
    code = "not_a_member"
    message = "User {user_id} is not a member of this organisation."
    field = "id"


class AlreadyAMember(DomainError):
    code = "already_a_member"
    message = "This user is a member already."
    field = "user"


class LastAdministrator(DomainError):
    code = "last_administrator"
    message = "An organisation keeps at least one administrator."
    field = "non_field_errors"
