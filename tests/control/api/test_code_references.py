import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from burgee.control.audit.wording import lines_of
from burgee.control.code_references.models import Reference
from burgee.control.events.models import Event
from burgee.control.events.publish import changes_of
from tests.control.api.conftest import client_of
from tests.factories.features import a_feature
from tests.factories.projects import a_project

SHOP = "https://github.com/acme/shop"


@pytest.fixture
def project(organisation):
    return a_project(organisation)


@pytest.fixture
def feature(project):
    return a_feature(project, name="checkout")


@pytest.fixture
def scan(api, project):
    """Send what a scan found, as (feature, file, line)."""

    def sent(*found, url=SHOP, revision="abc123"):
        lines = [{"feature_name": name, "file_path": file, "line_number": line} for name, file, line in found]
        body = {"repository_url": url, "revision": revision, "code_references": lines}
        return api.post(f"/api/v1/projects/{project.pk}/code-references/", body, format="json")

    return sent


@pytest.fixture
def known(api, project, feature):
    def asked() -> list:
        return api.get(f"/api/v1/projects/{project.pk}/features/{feature.pk}/code-references/").json()

    return asked


def test_a_scan_is_told_back(scan, project):
    answer = scan(("checkout", "a b.py", 7))

    assert answer.status_code == 201
    assert answer.json() == {
        "created_at": answer.json()["created_at"],
        "project": project.pk,
        "repository_url": SHOP,
        "vcs_provider": "github",
        "revision": "abc123",
        "code_references": [{"feature_name": "checkout", "file_path": "a b.py", "line_number": 7}],
    }


def test_a_feature_lists_where_code_names_it(scan, known):
    scan(("checkout", "src/a b.py", 7), ("checkout", "src/c.py", 9), ("other", "src/c.py", 1))

    (repository,) = known()

    when = repository["last_successful_repository_scanned_at"]
    assert repository["last_feature_found_at"] == when
    assert repository["code_references"][0] == {
        "file_path": "src/a b.py",
        "line_number": 7,
        "scanned_at": when,
        "vcs_provider": "github",
        "repository_url": SHOP,
        "revision": "abc123",
        "permalink": f"{SHOP}/blob/abc123/src/a%20b.py#L7",
    }
    assert len(repository["code_references"]) == 2


@pytest.mark.database
def test_a_later_scan_takes_the_place_of_the_last_one(scan, known):
    scan(("checkout", "a.py", 7))
    found_at = known()[0]["last_feature_found_at"]

    scan(("other", "b.py", 1), revision="def456")

    (repository,) = known()
    assert (repository["revision"], repository["code_references"]) == ("def456", [])
    assert repository["last_feature_found_at"] == found_at
    assert repository["last_successful_repository_scanned_at"] > found_at
    assert Reference.objects.count() == 1


def test_repositories_are_told_apart_and_a_line_counts_once(api, project, scan, feature, known):
    scan(("checkout", "a.py", 7), ("checkout", "a.py", 7), ("checkout", "b.py", 1))
    scan(url="https://github.com/acme/zoo.git")

    counts = api.get(f"/api/v1/projects/{project.pk}/features/").json()["results"][0]["code_references_counts"]

    assert [(row["repository_url"], row["count"]) for row in counts] == [
        (SHOP, 2),
        ("https://github.com/acme/zoo.git", 0),
    ]
    assert counts[1]["last_feature_found_at"] is None
    single = api.get(f"/api/v1/projects/{project.pk}/features/{feature.pk}/").json()
    assert single["code_references_counts"] == counts
    assert [len(row["code_references"]) for row in known()] == [2, 0]


def test_an_event_tells_only_that_other_features_are_named(scan):
    scan(("checkout", "a.py", 7))
    scan(("checkout", "b.py", 8))
    scan(("search", "b.py", 8))

    first, second = Event.objects.filter(type="repository.scanned").order_by("pk")
    assert changes_of(first)[0].after == {"url": SHOP, "features": ["checkout"]}
    (line,) = lines_of(second.type, changes_of(second))
    assert line.log == f"Code references of {SHOP}: 1 features came, 1 went"
    assert line.object_type == "REPOSITORY"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"repository_url": "javascript:alert(1)"}, "repository_url"),
        ({"repository_url": "ftp://example.com/x"}, "repository_url"),
        ({"vcs_provider": "gitlab"}, "vcs_provider"),
        ({"revision": "x" * 101}, "revision"),
        ({"code_references": {}}, "code_references"),
        ({"code_references": [{"feature_name": "x" * 101, "file_path": "a", "line_number": 1}]}, "code_references"),
        ({"code_references": [{"feature_name": "x", "file_path": "a" * 4097, "line_number": 1}]}, "code_references"),
        ({"code_references": [{"feature_name": "x", "file_path": "a", "line_number": 0}]}, "code_references"),
    ],
)
def test_a_wrong_scan_names_the_field(api, project, wrong, field):
    body = {"repository_url": SHOP, "revision": "abc", "code_references": []} | wrong

    answer = api.post(f"/api/v1/projects/{project.pk}/code-references/", body, format="json")

    assert (answer.status_code, list(answer.json())) == (400, [field])


def test_another_organisation_sees_and_sends_nothing(foreigner, project, feature):
    there = client_of(foreigner)
    here = f"/api/v1/projects/{project.pk}"

    assert there.get(f"{here}/features/{feature.pk}/code-references/").status_code == 404
    assert there.post(f"{here}/code-references/", {}, format="json").status_code == 404


@pytest.mark.database
def test_counts_cost_the_same_however_many_features_there_are(api, project, scan):
    def queries(features: int) -> int:
        names = [a_feature(project).name for _ in range(features)]
        scan(*((name, "a.py", number) for number, name in enumerate(names, start=1)))
        with CaptureQueriesContext(connection) as ran:
            rows = api.get(f"/api/v1/projects/{project.pk}/features/").json()["results"]
        assert [row["code_references_counts"][0]["count"] for row in rows][-features:] == [1] * features
        return len(ran)

    assert queries(3) == queries(40)
