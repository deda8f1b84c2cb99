import pytest

from tests.serve.running import an_environment, made, signed_up
from tests.services.mariadb import create_database

pytestmark = [pytest.mark.process, pytest.mark.database]


@pytest.fixture
def database_url(mariadb_url: str) -> str:
    return create_database(mariadb_url)


def test_traits_written_through_one_process_are_there_after_a_restart(start, database_url):
    server = signed_up(start("up", "--workers", "2", DATABASE_URL=database_url))
    key, project = an_environment(server)
    made(server, f"/api/v1/projects/{project}/features/", {"name": "banner", "default_enabled": True})
    sdk = {"X-Environment-Key": key}
    traits = [{"trait_key": "plan", "trait_value": "gold"}, {"trait_key": "age", "trait_value": 30.5}]
    status, answer = server.ask("/api/v1/identities/", {"identifier": "ada", "traits": traits}, **sdk)
    assert status == 200, answer
    code, _, err = server.stop()
    assert (code, "Traceback" in err) == (0, False)

    again = start("up", DATABASE_URL=database_url)
    status, answer = again.ask("/api/v1/identities/?identifier=ada", **sdk)
    assert status == 200
    assert isinstance(answer, dict)
    assert {trait["trait_key"]: trait["trait_value"] for trait in answer["traits"]} == {"plan": "gold", "age": 30.5}
    assert [flag["feature"]["name"] for flag in answer["flags"]] == ["banner"]
    assert again.stop()[0] == 0
