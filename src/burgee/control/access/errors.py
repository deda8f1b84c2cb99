"""What can go wrong with grants and roles."""

from burgee.control.kit.errors import DomainError


class GrantedAlready(DomainError):
    code = "granted_already"
    message = "Permissions are set here already: change them instead."
    field = "non_field_errors"


class RoleNameTaken(DomainError):
    code = "role_name_taken"
    message = "A role with this name already exists."
    field = "name"


class RoleGivenAlready(DomainError):
    code = "role_given_already"
    message = "This role is given already."
    field = "non_field_errors"


class SecondFactorNeeded(DomainError):
    """The organisation wants a second factor of its people, and this one has none."""

    code = "second_factor_needed"
    status = 403
    shows_code = True
    message = "This organisation wants a second factor: set one up in your account settings, then come back."
