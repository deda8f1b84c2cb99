import functools

import pytest

from burgee.control.audit.wording import lines_of
from burgee.control.events.models import Event
from burgee.control.events.publish import changes_of
from burgee.control.features.links import MOST_LINKS
from burgee.control.features.models import FeatureLink
from burgee.control.kit.actor import SYSTEM
from burgee.control.targeting.openings import delete_feature
from tests.control.api.conftest import client_of
from tests.factories.features import a_feature
from tests.factories.grants import a_grant
from tests.factories.projects import a_project

ISSUE = "https://github.com/acme/shop/issues/12"
TICKET = "http://jira:8080/browse/SHOP-7?focus=1#comments"

NESTED = functools.reduce(lambda inner, _: [inner], range(20), "x")


@pytest.fixture
def project(organisation):
    return a_project(organisation)


@pytest.fixture
def feature(project):
    return a_feature(project, name="checkout")


@pytest.fixture
def links(project, feature):
    return f"/api/v1/projects/{project.pk}/features/{feature.pk}/feature-external-resources/"


@pytest.fixture
def add(api, links):
    def sent(url=ISSUE, **facts):
        return api.post(links, {"url": url} | facts, format="json")

    return sent


def told() -> list[tuple]:
    """What the log says of links: line, object, and what changed."""
    events = Event.objects.filter(type__startswith="link.").order_by("pk")
    lines = [line for event in events for line in lines_of(event.type, changes_of(event))]
    return [
        (
            line.log,
            line.object_type,
            line.object_id,
            {item["field"]: (item["old"], item["new"]) for item in line.details},
        )
        for line in lines
    ]


@pytest.mark.database
def test_links_are_kept_in_their_order(api, links, feature, add):
    issue = add(metadata={"title": "Pay faster", "state": {"open": True}}, feature=feature.pk)
    ticket = add(TICKET)

    assert (issue.status_code, ticket.status_code) == (201, 201)
    assert issue.json() == {
        "id": issue.json()["id"],
        "url": ISSUE,
        "type": "GITHUB_ISSUE",
        "metadata": {"title": "Pay faster", "state": {"open": True}},
        "feature": feature.pk,
    }
    assert (ticket.json()["type"], ticket.json()["metadata"]) == ("LINK", None)
    assert api.get(links).json() == {"results": [issue.json(), ticket.json()]}
    assert api.get(f"{links}{ticket.json()['id']}/").json() == ticket.json()


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("https://github.com/acme/shop/issues/12/", "GITHUB_ISSUE"),
        ("https://git.acme.example/acme/shop/pull/3/files?w=1#diff", "GITHUB_PR"),
        ("https://gitlab.com/acme/shop/-/issues/12", "GITLAB_ISSUE"),
        ("HTTPS://code.acme.example:8443/acme/web/shop/-/merge_requests/3/diffs", "GITLAB_MR"),
        ("https://github.com/acme/shop/issues", "LINK"),
        ("https://github.com/acme/shop/issues/new", "LINK"),
        ("https://redmine.acme.example/issues/12", "LINK"),
        ("https://docs.acme.example/?from=/acme/shop/pull/3", "LINK"),
        ("https://[::1]/design", "LINK"),
    ],
)
def test_the_type_is_told_from_the_path(add, url, kind):
    assert add(url).json()["type"] == kind


def test_a_type_that_is_given_is_kept(api, links, add):
    made = add(TICKET, type="GITLAB_ISSUE").json()
    renamed = api.patch(f"{links}{made['id']}/", {"metadata": {"title": "Pay"}}, format="json").json()
    same = api.put(f"{links}{made['id']}/", {"url": TICKET}, format="json").json()

    assert renamed == made | {"metadata": {"title": "Pay"}}
    assert same == renamed


@pytest.mark.database
def test_a_link_is_changed_and_removed(api, links, add):
    one = f"{links}{add(metadata={'title': 'Pay'}).json()['id']}/"

    moved = api.put(one, {"url": "https://github.com/acme/shop/pull/13"}, format="json")
    assert (moved.status_code, moved.json()["type"], moved.json()["metadata"]) == (200, "GITHUB_PR", {"title": "Pay"})
    bare = api.patch(one, {"metadata": None, "type": "LINK"}, format="json")
    assert (bare.json()["type"], bare.json()["metadata"]) == ("LINK", None)
    assert api.get(one).json() == bare.json()

    assert api.delete(one).status_code == 204
    assert (api.delete(one).status_code, api.get(one).status_code) == (404, 404)
    assert api.get(links).json() == {"results": []}
    assert add().status_code == 201


@pytest.mark.database
def test_a_feature_has_a_link_once(api, links, project, add):
    add()
    other = add(TICKET).json()
    refusal = {"url": ["The feature has this link already."]}

    again = add()
    onto = api.patch(f"{links}{other['id']}/", {"url": ISSUE}, format="json")

    assert (again.status_code, again.json()) == (400, refusal)
    assert (onto.status_code, onto.json()) == (400, refusal)
    assert add(ISSUE.upper()).status_code == 201
    elsewhere = links.replace(f"/features/{other['feature']}/", f"/features/{a_feature(project).pk}/")
    assert api.post(elsewhere, {"url": ISSUE}, format="json").status_code == 201


def test_a_feature_has_only_so_many_links(feature, add):
    rows = (FeatureLink(feature=feature, url=f"{ISSUE}{row}", live_key=str(row)) for row in range(MOST_LINKS - 1))
    FeatureLink.objects.bulk_create(rows)

    assert add().status_code == 201
    refused = add(TICKET)
    assert (refused.status_code, refused.json()) == (400, {"detail": f"A feature has at most {MOST_LINKS} links."})


def test_lines_say_what_was_linked(api, links, feature, add):
    one = f"{links}{add(metadata={'title': 'Pay'}).json()['id']}/"
    api.patch(one, {"metadata": {"title": "Pay"}}, format="json")
    api.patch(one, {"url": TICKET}, format="json")
    api.delete(one)

    title = '{"title": "Pay"}'
    assert told() == [
        (
            f"Link added to checkout: {ISSUE}",
            "FEATURE",
            feature.pk,
            {"url": (None, ISSUE), "type": (None, "GITHUB_ISSUE"), "metadata": (None, title)},
        ),
        (
            f"Link changed for checkout: {TICKET}",
            "FEATURE",
            feature.pk,
            {"url": (ISSUE, TICKET), "type": ("GITHUB_ISSUE", "LINK")},
        ),
        (
            f"Link removed from checkout: {TICKET}",
            "FEATURE",
            feature.pk,
            {"url": (TICKET, None), "type": ("LINK", None), "metadata": (title, None)},
        ),
    ]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"url": "javascript:alert(1)"}, "url"),
        ({"url": "data:text/html,x"}, "url"),
        ({"url": "ftp://example.com/x"}, "url"),
        ({"url": "//example.com/x"}, "url"),
        ({"url": "https://"}, "url"),
        ({"url": "https://:80/x"}, "url"),
        ({"url": "https://example.com:x/"}, "url"),
        ({"url": "https://[::1/"}, "url"),
        ({"url": "https://good.example\\@evil.example/"}, "url"),
        ({"url": "https://example.com/a b"}, "url"),
        ({"url": f"https://example.com/{'x' * 181}"}, "url"),
        ({"url": None}, "url"),
        ({"type": "JIRA"}, "type"),
        ({"metadata": "title"}, "metadata"),
        ({"metadata": []}, "metadata"),
        ({"metadata": {"title": "x" * 1989}}, "metadata"),
        ({"metadata": {"title": NESTED}}, "metadata"),
        ({"feature": 0}, "feature"),
        ({"feature": 2**40}, "feature"),
    ],
)
def test_a_wrong_link_names_the_field(add, wrong, field):
    answer = add(**({"url": TICKET} | wrong))

    assert (answer.status_code, list(answer.json())) == (400, [field])
    assert FeatureLink.objects.count() == 0


def test_the_longest_and_the_deepest_link_is_taken(add):
    made = add(f"https://example.com/{'x' * 180}", metadata={"title": "x" * 1988})
    deepest = add(metadata={"title": NESTED[0]})

    assert (made.status_code, deepest.status_code) == (201, 201)
    assert deepest.json()["metadata"] == {"title": NESTED[0]}


def test_who_may_not_create_features_reads_links_only(member, project, links, add):
    one = f"{links}{add().json()['id']}/"
    a_grant(member, project, "VIEW_PROJECT")
    there = client_of(member)

    assert (there.get(links).status_code, there.get(one).status_code) == (200, 200)
    writes = [there.post(links), there.put(one), there.patch(one), there.delete(one)]
    assert [answer.status_code for answer in writes] == [403] * 4


def test_links_of_other_features_are_not_found(api, foreigner, organisation, project, feature, links, add):
    made = add().json()
    foreign = f"/api/v1/projects/{a_project(organisation).pk}/features/{feature.pk}/feature-external-resources/"
    neighbour = f"/api/v1/projects/{project.pk}/features/{a_feature(project).pk}/feature-external-resources/"

    there = client_of(foreigner)
    asked = [there.get(links), there.post(links), api.get(foreign), api.post(foreign, {"url": TICKET}, format="json")]
    asked += [client.delete(f"{place}{made['id']}/") for client, place in ((api, neighbour), (there, links))]

    assert [answer.status_code for answer in asked] == [404] * 6
    assert FeatureLink.objects.count() == 1


def test_links_go_with_their_feature(api, feature, links, add):
    one = f"{links}{add().json()['id']}/"
    delete_feature(feature, actor=SYSTEM)

    assert [api.get(links).status_code, api.get(one).status_code, add(TICKET).status_code] == [404] * 3
