"""Endpoints of Flagsmith's tier `edge`: a server that has its own database refuses them all."""

import csv
import re
from pathlib import Path

import pytest

from tests.control.api.conftest import client_of
from tests.factories.accounts import a_user
from tests.factories.environments import an_environment
from tests.factories.projects import a_project

FACTS = Path(__file__).resolve().parents[3] / "contract" / "endpoints.tsv"
REFUSAL = {"detail": "Dynamo DB is not enabled for this project"}


def edge_endpoints():
    with FACTS.open(newline="") as lines:
        return [(row["method"], row["path"]) for row in csv.DictReader(lines, delimiter="\t") if row["tier"] == "edge"]


def test_there_are_some():
    assert len(edge_endpoints()) == 19


@pytest.mark.parametrize(("method", "template"), edge_endpoints())
def test_each_is_refused_as_flagsmith_refuses_it_without_dynamo(api, organisation, method, template):
    environment = an_environment(a_project(organisation))
    path = re.sub(r"\{(environment_api_key|api_key)\}", environment.api_key, template)
    path = path.replace("{id}", str(environment.project_id))
    path = re.sub(r"\{\w+\}", "3fa85f64-5717-4562-b3fc-2c963f66afa6", path)

    answer = api.generic(method, path)
    assert (answer.status_code, answer.json()) == (400, REFUSAL)

    assert client_of(a_user()).generic(method, path).status_code == 404
