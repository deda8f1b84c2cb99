"""What is stored under a secret key that this server does not have, such as after a restore without keys."""

import pytest

from burgee.control.environments.models import ServerKey
from burgee.control.feature_health.models import HealthProvider
from burgee.control.organisations.models import InviteLink
from tests.factories.environments import an_environment
from tests.factories.projects import a_project


@pytest.fixture
def environment(organisation):
    return an_environment(a_project(organisation))


def test_what_nobody_can_read_any_more_is_listed_without_it_and_can_be_deleted(api, organisation, environment):
    keys = f"/api/v1/environments/{environment.api_key}/api-keys/"
    links = f"/api/v1/organisations/{organisation.pk}/invite-links/"
    providers = f"/api/v1/projects/{environment.project_id}/feature-health/providers/"
    key = api.post(keys, {"name": "shop"}, format="json").json()
    link = api.post(links, {"role": "USER"}, format="json").json()
    api.post(providers, {"name": "Webhook"}, format="json")
    for model in (ServerKey, InviteLink, HealthProvider):
        assert model.objects.update(ciphertext="under another key") == 1

    (listed,), (linked,), (provider,) = (api.get(path).json() for path in (keys, links, providers))

    assert (listed["name"], listed["key"], linked["hash"]) == ("shop", "", "")
    assert provider["name"] == "Webhook"
    assert api.delete(f"{keys}{key['id']}/").status_code == 204
    assert api.delete(f"{links}{link['id']}/").status_code == 204
