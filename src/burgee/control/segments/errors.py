"""What can be wrong with a segment."""

from burgee.control.kit.errors import DomainError


class TooManySegments(DomainError):
    code = "too_many_segments"
    field = "project"
    message = "The project has reached its limit of {limit} segments."


class TooManyConditions(DomainError):
    code = "too_many_conditions"
    field = "segment"
    message = "The segment has {count} conditions, which exceeds the maximum condition count of {limit}."


class NestedTooDeep(DomainError):
    code = "rules_nested_too_deep"
    field = "segment"
    message = "Rules must not be nested more than 2 levels deep."


class UnknownFeature(DomainError):
    """A feature of another project, or none."""

    code = "unknown_feature"
    field = "feature"
    message = 'Invalid pk "{id}" - object does not exist.'


class ManagedSegment(DomainError):
    """The segment belongs to another object, through which it is changed."""

    code = "managed_segment"
    status = 403
    message = "This segment is managed by a {owner} and cannot be changed by hand."
