"""Why somebody is not let in."""

from burgee.control.kit.errors import DomainError


class EntryRefused(DomainError):
    code = "entry_refused"
    status = 403
    shows_code = True


class AccountInactive(EntryRefused):
    code = "account_inactive"
    message = "This account is not active."


class AccountElsewhere(EntryRefused):
    """A connection of one organisation vouches for an account that is not that organisation's alone."""

    code = "account_elsewhere"
    message = (
        "There is an account with this address that this connection may not open. "
        "Sign in as usual, then link the connection in your account settings."
    )


class OrganisationGone(EntryRefused):
    code = "organisation_gone"
    message = "The organisation of this connection is not there any more."


class InvitationNeeded(EntryRefused):
    code = "invitation_needed"
    message = "There is no account for you yet. Ask an administrator of your organisation for an invitation."


class MethodRefused(EntryRefused):
    code = "sign_in_method_refused"
    message = "People with your address sign in another way on this server."


class AddressUnusable(EntryRefused):
    code = "address_unusable"
    message = "Whoever vouches for you gave no usable e-mail address."


class ProviderFailed(DomainError):
    """GitHub or Google did not say who this is."""

    code = "provider_failed"
    status = 502
    shows_code = True
    message = "{why}"


class LinkedElsewhere(DomainError):
    code = "linked_elsewhere"
    status = 409
    message = "Another account is linked with this already."


class SignInAsUsual(EntryRefused):
    """The sign-in was vouched for by one organisation; what is asked for would outlast that."""

    code = "sign_in_as_usual"
    message = "Sign in as usual for this, not through the connection of an organisation."


class BoundToOrganisation(EntryRefused):
    code = "bound_to_organisation"
    message = (
        "This account was made by the sign-in of an organisation and belongs to it. "
        "Prove first that the address is yours: ask for a new password by mail."
    )


class LastWayIn(DomainError):
    code = "last_way_in"
    message = "Without this link you could not sign in any more. Set a password first."


class UnknownMethods(DomainError):
    code = "unknown_methods"
    message = "Name some of these methods: {known}."
    field = "methods"


class DomainInvalid(DomainError):
    code = "domain_invalid"
    message = "Give a domain such as acme.com, or * for every other one."
    field = "domain"


class DomainRuled(DomainError):
    code = "domain_ruled"
    message = "There is a rule for this domain already."
    field = "domain"


class SuperuserNeeded(DomainError):
    code = "superuser_needed"
    message = "Only an active superuser can be let in so."
