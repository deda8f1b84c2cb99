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


class ExternalIdTaken(DomainError):
    code = "external_id_taken"
    message = "A group with this external id already exists."
    field = "external_id"


class UnknownUsers(DomainError):
    code = "unknown_users"
    message = "Some users are not members of this organisation."


class NotInGroup(DomainError):
    code = "not_in_group"
    status = 404
    message = "This user is not in the group."


class AlreadyInvited(DomainError):
    code = "already_invited"
    message = "Invite for email {email} already exists"
    field = "email"


class UnknownGroups(DomainError):
    code = "unknown_groups"
    message = "Some groups were not found in this organisation."
    field = "permission_groups"


class InviteUnknown(DomainError):
    code = "invite_unknown"
    status = 404
    message = "No Invite matches the given query."


class InviteExpired(DomainError):
    code = "invite_expired"
    message = "Invite has expired"


class InvitedAnother(DomainError):
    code = "invited_another"
    message = "This invite was sent to another address."


class RevokedForGood(DomainError):
    code = "revoked_for_good"
    message = "A revoked key stays revoked: make another."
    field = "revoked"


class LinksOff(DomainError):
    code = "invite_links_off"
    message = "Invite links are switched off on this server."


class JoiningByLinkOff(LinksOff):
    status = 403
