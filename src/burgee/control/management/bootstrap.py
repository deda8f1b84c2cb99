"""The first administrator, organisation and project."""

from django.contrib.auth import get_user_model
from django.db import transaction

from burgee.control.accounts.models import User
from burgee.control.accounts.passwords import password_link
from burgee.control.accounts.services import make_first_user
from burgee.control.kit.actor import SYSTEM
from burgee.control.organisations.models import Organisation
from burgee.control.organisations.services import create_organisation
from burgee.control.projects.models import Project
from burgee.control.projects.services import create_project


@transaction.atomic
def bootstrap(email: str, organisation_name: str, project_name: str, public_url: str) -> str | None:
    """Make what is missing of the three and return a link at which the administrator sets a password.

    None when the administrator has one already, or when somebody else was here first: running it again is harmless.
    """
    user = get_user_model().objects.with_email(email)
    if user is None:
        if User.objects.exists():
            return None
        user = make_first_user(email)
    if user.has_usable_password():
        return None
    _fill(user, organisation_name, project_name)
    return password_link(user, public_url)


def _fill(user: User, organisation_name: str, project_name: str) -> None:
    organisation = Organisation.objects.of_user(user.pk).first()
    if organisation is None:
        organisation = create_organisation(organisation_name, creator=user, actor=SYSTEM)
    if not Project.objects.living().filter(organisation=organisation).exists():
        create_project(organisation, project_name, actor=SYSTEM)
