from itertools import count

from burgee.control.accounts.models import User
from burgee.control.organisations.models import Membership, Organisation, Role

_numbers = count(1)


def an_organisation(**fields) -> Organisation:
    return Organisation.objects.create(**({"name": f"Organisation {next(_numbers)}"} | fields))


def a_member(organisation: Organisation, user: User, role: Role = Role.USER) -> Membership:
    return Membership.objects.create(organisation=organisation, user=user, role=role)
