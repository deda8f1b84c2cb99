import pytest

from burgee.control.code_references.services import Found, Scan, record_scan
from burgee.control.features.models import TagType
from burgee.control.kit.actor import SYSTEM
from burgee.control.lifecycle.services import roll_up_use
from tests.control.api.conftest import client_of
from tests.factories.environments import an_environment
from tests.factories.features import a_feature, a_tag
from tests.factories.projects import a_project
from tests.factories.usage import an_evaluation

STAGES = ["new", "live", "stale", "permanent", "needs_monitoring", "to_remove"]


@pytest.fixture
def project(organisation):
    return a_project(organisation)


@pytest.fixture
def environment(project):
    return an_environment(project)


@pytest.fixture
def one_of_each(project, environment):
    """A feature in each stage, named after it."""
    stale = a_tag(project, "Stale", type=TagType.STALE, is_system_tag=True)
    permanent = a_tag(project, "keep", is_permanent=True)
    features = {stage: a_feature(project, name=stage) for stage in STAGES}
    for stage in ("stale", "needs_monitoring", "to_remove", "permanent"):
        features[stage].tags.add(stale)
    features["permanent"].tags.add(permanent)
    found = [Found(feature_name=name, file_path="a.py", line_number=1) for name in ("live", "stale", "permanent")]
    scan = Scan(repository_url="https://github.com/a/b", vcs_provider="github", revision="1", found=found)
    record_scan(project, scan, actor=SYSTEM)
    for name in STAGES:
        if name != "to_remove":
            an_evaluation(environment, name, days_ago=2)
    an_evaluation(environment, "to_remove", days_ago=31)
    return features


@pytest.fixture
def counts(api, environment):
    def asked(at=environment) -> dict[str, int]:
        answer = api.get(f"/api/v1/environments/{at.pk}/feature-lifecycle-counts/")
        assert answer.status_code == 200
        return answer.json()

    return asked


@pytest.mark.usefixtures("one_of_each")
def test_every_stage_is_counted(counts):
    assert counts() == dict.fromkeys(STAGES, 1)


@pytest.mark.database
@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.usefixtures("one_of_each")
def test_a_list_shows_and_filters_stages(api, project, environment, stage):
    url = f"/api/v1/projects/{project.pk}/features/"

    found = api.get(url, {"environment": environment.pk, "lifecycle_stage": stage}).json()["results"]
    everything = api.get(url).json()["results"]

    assert [(row["name"], row["lifecycle_stage"]) for row in found] == [(stage, stage)]
    assert {row["name"]: row["lifecycle_stage"] for row in everything}[stage] == stage


@pytest.mark.usefixtures("one_of_each")
def test_use_counts_where_it_is_asked_about(counts, project):
    elsewhere = an_environment(project)

    assert (counts(elsewhere)["needs_monitoring"], counts(elsewhere)["to_remove"]) == (0, 2)


@pytest.mark.database
@pytest.mark.usefixtures("one_of_each")
def test_rolled_up_use_counts_like_fresh_use(counts, environment):
    assert roll_up_use() == 5 + 1
    assert roll_up_use() == 0
    assert counts() == dict.fromkeys(STAGES, 1)

    an_evaluation(environment, "to_remove")
    assert (counts()["needs_monitoring"], counts()["to_remove"]) == (2, 0)
    assert roll_up_use() == 1
    assert (counts()["needs_monitoring"], counts()["to_remove"]) == (2, 0)


def test_archived_and_deleted_features_are_not_counted(counts, project, environment):
    a_feature(project, is_archived=True)
    a_feature(project)

    assert counts()["new"] == 1


def test_a_stage_that_is_none_is_refused(api, project):
    answer = api.get(f"/api/v1/projects/{project.pk}/features/", {"lifecycle_stage": "old"})

    assert (answer.status_code, list(answer.json())) == (400, ["lifecycle_stage"])


def test_who_does_not_see_the_environment_learns_nothing(member, foreigner, environment):
    url = f"/api/v1/environments/{environment.pk}/feature-lifecycle-counts/"

    assert [client_of(user).get(url).status_code for user in (member, foreigner)] == [404, 404]


@pytest.mark.parametrize("features", [3, 30])
def test_counting_costs_the_same_however_many_there_are(api, project, environment, features, django_assert_num_queries):
    for _ in range(features):
        a_feature(project)

    with django_assert_num_queries(5):
        answer = api.get(f"/api/v1/environments/{environment.pk}/feature-lifecycle-counts/")
    assert answer.json()["new"] == features
