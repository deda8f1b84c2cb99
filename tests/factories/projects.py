from itertools import count

from burgee.control.organisations.models import Organisation
from burgee.control.projects.models import Project, project_key
from tests.factories.organisations import an_organisation

_numbers = count(1)


def a_project(organisation: Organisation | None = None, **fields) -> Project:
    organisation = organisation or an_organisation()
    name = fields.pop("name", None) or f"Project {next(_numbers)}"
    return Project.objects.create(
        organisation=organisation, name=name, live_key=project_key(organisation.pk, name), **fields
    )
