"""What can be wrong with an edit of a flag."""

from burgee.control.kit.errors import Conflict, DomainError, NotFound


class InvalidAllocation(DomainError):
    """The percentages of a state sum to more than 100, or one is outside 0..100."""

    code = "invalid_percentage_allocation"
    field = "multivariate_feature_state_values"
    message = "Invalid percentage allocation"


class InvalidOptionAllocation(InvalidAllocation):
    """The default percentages of a feature's options, or those of one of its states, would exceed 100."""

    field = "default_percentage_allocation"


class ValueTooLong(DomainError):
    code = "value_too_long"
    field = "feature_state_value"
    message = "Ensure this field has no more than {limit} characters."


class ValueNotText(DomainError):
    """Half of a surrogate pair: no encoding can carry it."""

    code = "value_not_text"
    field = "feature_state_value"
    message = "Not a valid string."


class ValueOutOfRange(DomainError):
    code = "value_out_of_range"
    field = "feature_state_value"
    message = "Ensure this value is between -2147483648 and 2147483647."


class OptionNotFound(DomainError):
    """An option of another feature, or none."""

    code = "option_not_found"
    field = "multivariate_feature_option"
    message = 'Invalid pk "{id}" - object does not exist.'


class SegmentNotFound(DomainError):
    """A segment of another project, a deleted one, or none."""

    code = "segment_not_found"
    field = "segment"
    message = 'Invalid pk "{id}" - object does not exist.'


class TooManyOverrides(DomainError):
    code = "too_many_segment_overrides"
    field = "environment"
    message = "The environment has reached its limit of {limit} segment overrides."


class SegmentOfAnotherFeature(DomainError):
    code = "segment_of_another_feature"
    field = "segment"
    message = "Segment is specific to another feature."


class PriorityOutOfRange(DomainError):
    code = "priority_out_of_range"
    field = "priority"
    message = "Ensure this value is between 0 and 2147483647."


class StateExists(DomainError):
    code = "state_exists"
    message = "Feature state already exists for this environment, feature, version, segment & identity combination"


class StateMissing(DomainError):
    code = "state_missing"
    message = "There is no such override."


class FeatureSegmentNotFound(NotFound):
    message = "No FeatureSegment matches the given query."


class FlagNotFound(NotFound):
    """The feature and the environment do not belong to one project, or one is deleted."""

    message = "No Feature matches the given query."


class VersionNotPublishable(Conflict):
    code = "version_not_publishable"
    message = "Only a draft or a scheduled version can be published."


class VersionPublished(DomainError):
    """Scheduled versions count: people have been told what will be served."""

    code = "version_published"
    message = "Cannot modify published version."


class VersionLive(DomainError):
    """What was ever served stays as history."""

    code = "version_live"
    message = "Cannot delete a live version."


class VersionsInUse(DomainError):
    code = "versions_in_use"
    message = "Environment already using v2 versioning."


class VersionsNotInUse(DomainError):
    code = "versions_not_in_use"
    message = "Environment is not using v2 versioning."


class StaleEdit(Conflict):
    """The flag is not as the author of the edit saw it; `seen` and `current` are change numbers."""

    code = "stale_edit"
    message = "This flag has changed since you read it."


class EnvironmentUnfinished(DomainError):
    code = "environment_unfinished"
    status = 409
    message = "This environment is still being made. Try again when it is ready."
