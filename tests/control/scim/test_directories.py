"""Requests in the words of Okta and Microsoft Entra ID, which go beyond the letter of the standard here and there."""

import pytest

from burgee.control.organisations.models import Membership
from tests.control.scim.directory import GROUP, PATCH, ROOT, USER

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"


def shown(directory, kind, told):
    answer = directory.get(f"{kind}/{told['id']}")
    assert answer.status_code == 200
    return answer.json()


def done(answer, *, status=204):
    assert answer.status_code == status, answer.content
    return answer.json() if answer.content else None


class TestEntra:
    @pytest.fixture
    def grace(self, directory):
        body = {
            "schemas": [USER, ENTERPRISE],
            "externalId": "0a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef",
            "userName": "Grace@example.com",
            "active": True,
            "emails": [{"primary": True, "type": "work", "value": "Grace@example.com"}],
            "meta": {"resourceType": "User"},
            "name": {"formatted": "Grace Hopper", "familyName": "Hopper", "givenName": "Grace"},
            "roles": [],
            ENTERPRISE: {"department": "Research"},
        }
        return done(directory.ask("POST", "Users", body), status=201)

    def test_its_test_of_the_connection_finds_nobody(self, directory):
        assert directory.found("Users", 'userName eq "6764549b-ef60-479d-a0d0-5f5a8d9b4cf5"') == []

    def test_it_makes_somebody_and_finds_them_again(self, directory, grace):
        assert directory.found("Users", 'externalId eq "0a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef"') == [grace]
        assert directory.found("Users", 'userName eq "grace@example.com"') == [grace]

    def test_it_changes_parts_with_paths_and_capital_words(self, directory, grace):
        done(
            directory.patch(
                f"Users/{grace['id']}",
                {"op": "Replace", "path": 'emails[type eq "work"].value', "value": "hopper@example.com"},
                {"op": "Replace", "path": "name.familyName", "value": "Murray"},
                {"op": "Add", "path": "displayName", "value": "Grace M."},
                {"op": "Add", "path": f"{ENTERPRISE}:department", "value": "Sales"},
                {"op": "Add", "path": "title", "value": "Admiral"},
            )
        )

        told = shown(directory, "Users", grace)
        assert told["emails"] == [{"primary": True, "type": "work", "value": "hopper@example.com"}]
        assert (told["name"]["familyName"], told["displayName"]) == ("Murray", "Grace M.")

    def test_it_adds_an_entry_that_a_filter_describes(self, directory, ada):
        step = {"op": "Add", "path": 'emails[type eq "home"].value', "value": "ada@home.example"}
        done(directory.patch(f"Users/{ada.uuid}", step))

        emails = directory.get(f"Users/{ada.uuid}").json()["emails"]
        assert {"type": "home", "value": "ada@home.example"} in emails

    def test_it_sends_active_as_text(self, directory, grace, acme):
        for text, members in (("False", 1), ("True", 2)):
            done(directory.patch(f"Users/{grace['id']}", {"op": "Replace", "path": "active", "value": text}))
            assert Membership.objects.filter(organisation=acme).count() == members

    def test_it_fills_and_empties_a_group(self, directory, grace):
        body = {"schemas": [GROUP], "externalId": "8aa1a0c0", "displayName": "Devs", "meta": {"resourceType": "Group"}}
        group = done(directory.ask("POST", "Groups", body), status=201)
        found = directory.found("Groups", 'displayName eq "Devs"', excludedAttributes="members")
        assert [row["id"] for row in found] == [group["id"]]

        member = {"path": "members", "value": [{"$ref": None, "value": grace["id"]}]}
        done(directory.patch(f"Groups/{group['id']}", {"op": "Add"} | member))
        assert [row["value"] for row in shown(directory, "Groups", group)["members"]] == [grace["id"]]
        assert shown(directory, "Users", grace)["groups"][0]["display"] == "Devs"

        done(directory.patch(f"Groups/{group['id']}", {"op": "Remove"} | member))
        assert "members" not in shown(directory, "Groups", group)


class TestOkta:
    @pytest.fixture
    def grace(self, directory):
        body = {
            "schemas": [USER],
            "userName": "grace@example.com",
            "name": {"givenName": "Grace", "familyName": "Hopper"},
            "emails": [{"primary": True, "value": "grace@example.com", "type": "work"}],
            "displayName": "Grace Hopper",
            "locale": "en-US",
            "externalId": "00ujl29u0le5T6Aj10h7",
            "groups": [],
            "password": "1mz050nq",
            "active": True,
        }
        return done(directory.ask("POST", "Users", body), status=201)

    def test_it_asks_for_a_page_of_people(self, directory, grace):
        told = directory.get("Users", startIndex="2", count="1").json()

        assert (told["totalResults"], told["startIndex"], told["itemsPerPage"]) == (2, 2, 1)
        assert told["Resources"] == [grace]

    def test_it_sends_the_whole_profile_again(self, directory, grace):
        told = done(directory.ask("PUT", f"Users/{grace['id']}", grace | {"displayName": "G. H."}), status=200)

        assert (told["displayName"], told["id"]) == ("G. H.", grace["id"])

    def test_it_deactivates_without_a_path(self, directory, grace):
        done(directory.patch(f"Users/{grace['id']}", {"op": "replace", "value": {"active": False}}))

        assert shown(directory, "Users", grace)["active"] is False

    def test_it_pushes_a_group_and_renames_it(self, directory, grace):
        members = [{"value": grace["id"], "display": "grace@example.com"}]
        body = {"schemas": [GROUP], "displayName": "Devs", "members": members}
        group = done(directory.ask("POST", "Groups", body), status=201)
        done(
            directory.patch(
                f"Groups/{group['id']}", {"op": "replace", "value": {"id": group["id"], "displayName": "D"}}
            )
        )

        told = shown(directory, "Groups", group)
        assert (told["displayName"], [row["value"] for row in told["members"]]) == ("D", [grace["id"]])

    def test_it_adds_removes_and_replaces_members(self, directory, grace, ada):
        group = done(directory.add_group("Devs", grace["id"]), status=201)
        place = f"Groups/{group['id']}"
        add = {"op": "add", "path": "members", "value": [{"value": str(ada.uuid), "display": "ada@example.com"}]}
        remove = {"op": "remove", "path": f'members[value eq "{grace["id"]}"]'}
        done(directory.patch(place, remove, add))
        assert [row["value"] for row in shown(directory, "Groups", group)["members"]] == [str(ada.uuid)]

        everybody = [{"value": grace["id"], "display": "grace@example.com"}]
        done(directory.patch(place, {"op": "replace", "path": "members", "value": everybody}))
        assert [row["value"] for row in shown(directory, "Groups", group)["members"]] == [grace["id"]]
        done(directory.ask("PUT", place, {"schemas": [GROUP], "displayName": "Devs", "members": []}), status=200)
        assert "members" not in shown(directory, "Groups", group)
        done(directory.ask("DELETE", place))


def test_what_describes_the_server_says_what_it_can(directory):
    config = directory.get("ServiceProviderConfig").json()
    can = {name: config[name]["supported"] for name in ("patch", "filter", "sort", "etag", "bulk", "changePassword")}
    assert can == {"patch": True, "filter": True, "sort": True, "etag": True, "bulk": False, "changePassword": False}
    assert [row["id"] for row in directory.get("ResourceTypes").json()["Resources"]] == ["User", "Group"]
    assert {row["id"] for row in directory.get("Schemas").json()["Resources"]} == {USER, GROUP}


def test_what_is_not_offered_says_so(directory, ada):
    assert directory.ask("POST", "Bulk", {}).status_code == 501
    assert directory.get("Me").status_code == 501
    answer = directory.ask("POST", f"Users/{ada.uuid}", {})
    assert (answer.status_code, answer.headers["Allow"]) == (405, "DELETE, GET, PATCH, PUT")
    assert directory._client.put(f"{ROOT}/Users/{ada.uuid}", headers={"Content-Type": PATCH}).status_code == 401


@pytest.mark.database
def test_people_are_filtered_and_sorted(directory, ada):
    for name in ("grace@example.com", "bob@example.com"):
        directory.added(name, name={"familyName": name[:3].upper()})

    def names(**query):
        return [row["userName"].partition("@")[0] for row in directory.get("Users", **query).json()["Resources"]]

    assert names(sortBy="userName", sortOrder="descending") == ["grace", "bob", "ada"]
    assert names(sortBy="userName", startIndex="2", count="1") == ["bob"]
    assert names(filter='name.familyName eq "gra" or userName sw "ADA"', sortBy="userName") == ["ada", "grace"]
    assert names(filter='userName eq "bob@example.com" and active eq false') == []
    assert names(filter='meta.created gt "2020-01-01T00:00:00Z"', sortBy="id") != []
    assert directory.get("Users", attributes="userName").json()["Resources"][0].keys() == {"schemas", "id", "userName"}
