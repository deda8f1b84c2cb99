"""What can go wrong with projects."""

from burgee.control.kit.errors import DomainError


class ProjectNameTaken(DomainError):
    code = "project_name_taken"
    message = "A project with this name already exists."
    field = "non_field_errors"
