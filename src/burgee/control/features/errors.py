"""What can be wrong with a feature, an option or a tag."""

from burgee.control.kit.errors import DomainError


class FeatureNameTaken(DomainError):
    code = "feature_name_taken"
    field = "name"
    message = "Feature with that name already exists for this project. Note that feature names are case insensitive."


class NameAgainstRegex(DomainError):
    """The name as a whole does not match the project's ``feature_name_regex``."""

    code = "feature_name_against_regex"
    field = "name"
    message = "Feature name must match regex: {regex}"


class NameRegexUnusable(DomainError):
    """The project's regex cannot be matched in linear time, so that no name can be checked."""

    code = "feature_name_regex_unusable"
    field = "name"
    message = "The feature name regex of the project cannot be used ({reason}): change it in the project's settings."


class TooManyFeatures(DomainError):
    code = "too_many_features"
    field = "project"
    message = "The project has reached its limit of {limit} features."


class OptionsOverHundred(DomainError):
    """The default percentages of the options given with a feature exceed 100."""

    code = "invalid_percentage_allocation"
    field = "multivariate_options"
    message = "Invalid percentage allocation"


class OptionKeyTaken(DomainError):
    code = "option_key_taken"
    field = "key"
    message = "An option with this key already exists for this feature."


class OptionKeyReserved(DomainError):
    code = "option_key_reserved"
    field = "key"
    message = "'control' is a reserved key."


class UnknownTag(DomainError):
    code = "unknown_tag"
    field = "tags"
    message = 'Invalid pk "{id}" - object does not exist.'


class UnknownOwner(DomainError):
    code = "unknown_owner"
    field = "owners"
    message = 'Invalid pk "{id}" - object does not exist.'


class UnknownGroupOwner(DomainError):
    code = "unknown_group_owner"
    field = "group_owners"
    message = 'Invalid pk "{id}" - object does not exist.'


class OwnersNotFound(DomainError):
    code = "owners_not_found"
    message = "Some users not found"


class GroupsNotFound(DomainError):
    code = "groups_not_found"
    message = "Some groups not found"


class OwnerRequired(DomainError):
    code = "owner_required"
    message = "The project requires every feature to have an owner."


class SystemTagFixed(DomainError):
    code = "system_tag_fixed"
    message = "Cannot {verb} a system tag."


class LinkTaken(DomainError):
    code = "link_taken"
    field = "url"
    message = "The feature has this link already."


class TooManyLinks(DomainError):
    code = "too_many_links"
    message = "A feature has at most {limit} links."
