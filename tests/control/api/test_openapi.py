"""The OpenAPI document is valid, says what there is, and the server does what it says."""

import importlib
import json
from collections import defaultdict

import pytest
import yaml
from drf_spectacular.validation import validate_schema
from rest_framework.serializers import Serializer

from burgee.control.access.grants import Entry, grant
from burgee.control.access.permissions import CATALOGUE, Level
from burgee.control.access.roles import create_role, give_role
from burgee.control.kit.actor import SYSTEM
from burgee.control.organisations.api_keys import create_api_key
from tests.control.api.conftest import forget_throttles
from tests.control.api.openapi_fuzz import SECONDS, fuzz, operations
from tests.control.api.route_table import ROUTES
from tests.factories.accounts import a_token, a_user
from tests.factories.environments import a_server_key, an_environment
from tests.factories.features import a_feature, a_tag
from tests.factories.identities import an_identity
from tests.factories.organisations import a_member
from tests.factories.projects import a_project
from tests.factories.segments import a_segment


@pytest.fixture
def document(anybody):
    return json.loads(anybody.get("/api/v1/swagger.json").content)


def test_it_is_valid_and_the_same_as_json_and_as_yaml(anybody, document):
    validate_schema(document)
    assert yaml.safe_load(anybody.get("/api/v1/swagger.yaml").content) == document


def test_every_route_stands_in_it_with_its_refusals(document):
    ours = managing(document)["paths"]
    told = {method for item in ours.values() for method in item}
    assert told <= {route.method for route in ROUTES}
    assert sum(len(item) for item in ours.values()) == len(ROUTES)
    for path, item in ours.items():
        for method, operation in item.items():
            assert {"400", "503"} <= operation["responses"].keys(), (method, path)
            assert not operation.get("security") or "401" in operation["responses"], (method, path)


def test_the_name_of_a_component_belongs_to_one_serializer():
    """Of two with one name the document shows the last one for both, so that clients send the wrong body."""
    importlib.import_module("burgee.control.urls")
    owners = defaultdict(set)
    for found in serializers_below(Serializer):
        if found.__module__.startswith("burgee."):
            owners[found.__name__.removesuffix("Serializer")].add(found.__module__)
    assert {name: modules for name, modules in owners.items() if len(modules) > 1} == {}
    assert len(owners) > 100


def serializers_below(kind):
    for found in kind.__subclasses__():
        yield found
        yield from serializers_below(found)


def managing(document):
    """The document without the routes that the edge serves."""
    paths = {
        path: {method: told for method, told in item.items() if "sdk" not in told["tags"]}
        for path, item in document["paths"].items()
    }
    return document | {"paths": {path: item for path, item in paths.items() if item}}


def test_the_page_loads_nothing_from_elsewhere_and_its_files_are_served(anybody):
    page = anybody.get("/api/v1/docs/", headers={"Accept": "text/html"})
    assert page.status_code == 200
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    text = page.content.decode()
    assert "://" not in text
    assert "<script>" not in text
    assert "style=" not in text


def headers_of(person):
    return {"Authorization": f"Token {a_token(person)}"}


def every_kind_of_caller(organisation, project, environment, *, tag_id):
    """Headers by name: nobody, keys, and people with rights in a place alone or for some features alone."""
    limited = create_role(organisation, "Limited", tags=[tag_id], actor=SYSTEM)
    for level, place in ((Level.PROJECT, project), (Level.ENVIRONMENT, environment)):
        grant(limited, place, entries=[Entry(entry.permission) for entry in CATALOGUE[level]], actor=SYSTEM)
    callers = {"nobody": {}}
    for name, bearer in (("project admin", project), ("environment admin", environment), ("limited", None)):
        a_member(organisation, person := a_user())
        if bearer is None:
            give_role(limited, person, actor=SYSTEM)
        else:
            grant(person, bearer, entries=[], is_admin=True, actor=SYSTEM)
        callers[name] = headers_of(person)
    for name, is_admin in (("key", True), ("limited key", False)):
        key, text = create_api_key(organisation, actor=SYSTEM, name=name, is_admin=is_admin)
        if not is_admin:
            give_role(limited, key, actor=SYSTEM)
        callers[name] = {"Authorization": f"Api-Key {text}"}
    return callers


@pytest.mark.timeout(2 * SECONDS + 140)
def test_no_caller_makes_it_fail_or_answer_what_the_document_does_not_say(
    document, organisation, admin, member, foreigner, settings
):
    settings.OUTBOUND_CONNECT = lambda _: ("127.0.0.1", 9)
    project = a_project(organisation)
    environment = an_environment(project)
    feature = a_feature(project)
    identity = an_identity(environment, "someone")
    known = {
        "organisation_id": organisation.pk,
        "project_id": project.pk,
        "environment_key": environment.api_key,
        "environment_id": environment.pk,
        "feature_id": feature.pk,
        "segment_id": a_segment(project).pk,
        "tag_id": a_tag(project).pk,
        "identity_id": identity.pk,
        "user_id": member.pk,
        "key_id": a_server_key(environment)[0].pk,
        "state_id": feature.feature_states.get(environment=environment).pk,
    }
    callers = every_kind_of_caller(organisation, project, environment, tag_id=known["tag_id"])
    callers |= {
        name: headers_of(person) for name, person in (("admin", admin), ("member", member), ("foreigner", foreigner))
    }

    wrong = fuzz(list(operations(managing(document))), callers, known, forget_throttles)
    assert wrong == {}, "\n\n".join(f"{name}: {text}" for name, text in wrong.items())
