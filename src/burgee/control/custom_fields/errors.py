"""What can be wrong with custom fields and their values."""

from burgee.control.kit.errors import DomainError, WrongItems


class FieldNameTaken(DomainError):
    code = "custom_field_name_taken"
    field = "non_field_errors"
    message = "A custom field with this name already exists."


class ValuesDoNotFit(DomainError):
    """Values that objects have are none of the new type."""

    code = "custom_field_values_do_not_fit"
    field = "type"
    message = "The value {text!r} is there already and is not of this type."


class UnknownField(DomainError):
    """A field of another organisation, or none."""

    code = "unknown_custom_field"
    field = "field"
    message = 'Invalid pk "{id}" - object does not exist.'


class AttachedAlready(DomainError):
    code = "custom_field_attached_already"
    field = "non_field_errors"
    message = "This field is already there for this content type."


class UnknownPlace(DomainError):
    """A field can be required in its own organisation and in projects where it is."""

    code = "unknown_place_of_requirement"
    field = "is_required_for"
    message = 'Invalid pk "{id}" - object does not exist.'


class WrongValues(WrongItems):
    code = "wrong_custom_field_values"
    field = "metadata"


class RequiredValueMissing(DomainError):
    code = "required_custom_field_missing"
    field = "metadata"
    message = "Missing required metadata field: {name}"
