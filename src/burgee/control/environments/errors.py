"""What can go wrong with environments."""

from burgee.control.kit.errors import DomainError


class EnvironmentNameTaken(DomainError):
    code = "environment_name_taken"
    message = "An environment with this name already exists."
    field = "non_field_errors"
