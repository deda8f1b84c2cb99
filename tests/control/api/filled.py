"""An organisation with one of everything that a URL can name, made over HTTP as its administrator makes it."""

import uuid
from typing import Any

from burgee.control.accounts.models import Token, User
from burgee.control.audit.models import AuditLog
from burgee.control.oidc.models import OidcProvider
from burgee.control.organisations.models import Organisation
from burgee.control.webhooks.models import WebhookDelivery
from tests.control.api.conftest import client_of, forget_throttles
from tests.factories.accounts import a_user
from tests.factories.events import everything_delivered
from tests.factories.organisations import a_member, an_organisation

RULES = [
    {
        "type": "ALL",
        "rules": [{"type": "ANY", "conditions": [{"operator": "EQUAL", "property": "plan", "value": "pro"}]}],
    }
]
VALUE = {"type": "unicode", "string_value": "v"}
PLACES = {"organisations/": "CREATE_PROJECT", "projects/": "VIEW_PROJECT", "environments/": "VIEW_ENVIRONMENT"}


class Filled:
    """`ids` has what stands for an argument, under the part of the path before it that tells which it is."""

    def __init__(self, name: str, provider: str) -> None:
        self.name = name
        self.organisation: Organisation = an_organisation(name=name)
        self.admin: User = a_user(f"{name}@example.com")
        self.member: User = a_user(f"member@{name}.example.com")
        a_member(self.organisation, self.admin, "ADMIN")
        a_member(self.organisation, self.member)
        self.api = client_of(self.admin)
        self.ids: dict[tuple[str, str], Any] = {}
        self._fill_project()
        self._fill_flag()
        self._fill_versions()
        self._fill_identity()
        self._fill_people()
        self._fill_rights()
        self._fill_sign_in()
        self._fill_rest(provider)

    def arguments(self, template: str, names: list[str]) -> dict[str, Any]:
        """The argument of each name in this template, as far as there is something of the kind."""
        return {name: self._of(template.partition(f":{name}>")[0], name) for name in names}

    def _of(self, before: str, name: str) -> Any:
        parts = [part for part, argument in self.ids if argument == name and part in before]
        return self.ids[max(parts, key=len), name] if parts else None

    def _keep(self, **places: Any) -> None:
        """`argument=id` wherever the argument stands, `argument=(part, id)` behind that part of a path."""
        for name, place in places.items():
            part, value = place if isinstance(place, tuple) else ("", place)
            self.ids[part, name] = value

    def _post(self, path: str, **body: Any) -> Any:
        return self._ask("post", path, body)

    def _ask(self, method: str, path: str, body: Any = None) -> Any:
        forget_throttles()
        answer = getattr(self.api, method)(f"/api/v1/{path}", body, format="json")
        assert answer.status_code < 300, (path, body, answer.content)
        return answer.json() if answer.content else None

    def _fill_project(self) -> None:
        project = self._post("projects/", name=self.name, organisation=self.organisation.pk)
        self.project_id = project["id"]
        self.project = f"projects/{self.project_id}/"
        plain, versioned = (
            self._post("environments/", name=name, project=self.project_id) for name in ("plain", "versioned")
        )
        self._ask("post", f"environments/{versioned['api_key']}/enable-v2-versioning/")
        self.environment_id, self.versioned_id = plain["id"], versioned["id"]
        self.environment = f"environments/{plain['api_key']}/"
        self._keep(organisation_id=self.organisation.pk, project_id=self.project_id, environment_key=plain["api_key"])
        self._keep(environment_id=self.versioned_id)
        for kind, found in (("organisations", self.organisation.uuid), ("projects", project["uuid"])):
            self._keep(uuid=(f"{kind}/get-by-uuid", found))
        self._keep(uuid=("environments/get-by-uuid", plain["uuid"]))
        self._keep(key_id=self._post(f"{self.environment}api-keys/", name="server")["id"])

    def _fill_flag(self) -> None:
        tag = self._post(f"{self.project}tags/", label="tag", color="#fff")
        option = VALUE | {"default_percentage_allocation": 10}
        feature = self._post(f"{self.project}features/", name="flag", multivariate_options=[option], tags=[tag["id"]])
        self.feature_id = feature["id"]
        self.feature = f"{self.project}features/{self.feature_id}/"
        segment = self._post(f"{self.project}segments/", name="segment", rules=RULES)
        self.segment_id = segment["id"]
        (made,) = self._ask("get", f"{self.feature}mv-options/")["results"]
        override = {"feature_segment": {"segment": self.segment_id}, "feature_state_value": VALUE}
        self._ask("post", f"{self.environment}features/{self.feature_id}/create-segment-override/", override)
        of_flag = {"environment": self.environment_id, "feature": self.feature_id}
        (place,) = self._ask("get", "features/feature-segments/", of_flag)["results"]
        (state,) = self._ask("get", f"{self.environment}featurestates/")["results"]
        self._keep(feature_id=feature["id"], segment_id=segment["id"], tag_id=tag["id"], option_id=made["id"])
        self._keep(place_id=place["id"], state_id=state["id"])
        for kind, row in (("features", feature), ("segments", segment), ("tags", tag), ("options", made)):
            self._keep(uuid=(f"{kind}/get-by-uuid", row["uuid"]))
        self._keep(uuid=("feature-segments/get-by-uuid", place["uuid"]))
        self._keep(uuid=("featurestates/get-by-uuid", state["uuid"]))

    def _fill_versions(self) -> None:
        versions = f"environments/{self.versioned_id}/features/{self.feature_id}/versions/"
        state = {"feature_segment": {"segment": self.segment_id}, "enabled": True, "feature_state_value": VALUE}
        draft = self._post(versions, feature_states_to_create=[state])["uuid"]
        states = self._ask("get", f"{versions}{draft}/featurestates/")
        own = next(row["id"] for row in states if row["feature_segment"])
        self._keep(version_uuid=draft, state_id=("/versions/", own))

    def _fill_identity(self) -> None:
        person = self._post(f"{self.environment}identities/", identifier="someone")["id"]
        here = f"{self.environment}identities/{person}/"
        state = self._post(f"{here}featurestates/", feature=self.feature_id, enabled=True)
        trait = self._post(f"{here}traits/", trait_key="k", value_type="unicode", string_value="v")
        self._keep(identity_id=person, trait_id=trait["id"], state_id=("/identities/", state["id"]))

    def _fill_people(self) -> None:
        base = f"organisations/{self.organisation.pk}/"
        self.group = self._post(f"{base}groups/", name="group")["id"]
        self._post(f"{base}groups/{self.group}/add-users/", user_ids=[self.member.pk])
        key = self._post(f"{base}master-api-keys/", name="key", is_admin=False)
        link = self._post(f"{base}invite-links/", role="USER")["id"]
        role = self._post(f"{base}roles/", name="role")["id"]
        self.role = f"{base}roles/{role}/"
        invite = self._post(f"{base}invites/", email=f"zoe@{self.name}.example.com")["id"]
        self._keep(user_id=self.member.pk, group_id=self.group, role_id=role, prefix=key["prefix"], invite_id=invite)
        self._keep(link_id=("invite-links/", link), session_id=Token.objects.get(user=self.admin).pk)
        bearers = (("users/", "user", self.member.pk), ("groups/", "group", self.group))
        for part, field, bearer in (*bearers, ("master-api-keys/", "master_api_key", key["prefix"])):
            given = self._post(f"{self.role}{part}", **{field: bearer})["id"]
            self._keep(bearer_id=(f"/{part}", bearer), assignment_id=(f"/{part}", given))

    def _fill_rights(self) -> None:
        for (place, key), base in zip(
            PLACES.items(), (f"organisations/{self.organisation.pk}/", self.project, self.environment), strict=True
        ):
            for kind, holder in (("user-permissions/", "user"), ("user-group-permissions/", "group")):
                whose = self.member.pk if holder == "user" else self.group
                made = self._post(f"{base}{kind}", **{holder: whose, "permissions": [key]})
                self._keep(grant_id=(self._rights_part(place, kind), made["id"]))
        tagged = {"permissions": [{"permission_key": "VIEW_PROJECT"}], "project": self.project_id}
        seen = {"permissions": [{"permission_key": "VIEW_ENVIRONMENT"}], "environment": self.environment_id}
        plain = {"permissions": ["CREATE_PROJECT"]}
        for kind, body in (("organisation", plain), ("projects", tagged), ("environments", seen)):
            made = self._ask("post", f"{self.role}{kind}-permissions/", body)
            self._keep(grant_id=(f"/{kind}-permissions/", made["id"]))

    @staticmethod
    def _rights_part(place: str, kind: str) -> str:
        argument = {"organisations/": "<int:organisation_id>/", "projects/": "<int:project_id>/"}
        return argument.get(place, "<str:environment_key>/") + kind

    def _fill_sign_in(self) -> None:
        base = f"organisations/{self.organisation.pk}/"
        issuer = f"https://{self.name}.example.com"
        rules = [{"claim": "sub", "values": ["x"]}]
        trust = self._post(
            f"{base}trust-relationships/", name="t", issuer=issuer, audience="a", is_admin=True, claim_rules=rules
        )
        provider = OidcProvider.objects.create(organisation=self.organisation, name="o", slug=self.name, issuer=issuer)
        saml = self._post(
            "auth/saml/configuration/", organisation=self.organisation.pk, name=self.name, frontend_url=issuer
        )
        mapping = {"saml_configuration": saml["id"], "django_attribute_name": "email", "idp_attribute_name": "mail"}
        made = self._ask("post", "auth/saml/attribute-mapping/", mapping)
        self._keep(trust_id=trust["id"], provider_id=provider.pk, name=("saml/", self.name), mapping_id=made["id"])

    def _fill_rest(self, provider: str) -> None:
        base = f"organisations/{self.organisation.pk}/"
        for part, place in (("<str:environment_key>", self.environment), ("<int:organisation_id>", base)):
            hook = self._post(f"{place}webhooks/", url="https://example.com/")["id"]
            sent = WebhookDelivery.objects.create(
                webhook_id=hook, event_uuid=uuid.uuid4(), index=0, event_type="FLAG_UPDATED"
            )
            self._keep(hook_id=(part, hook), delivery_id=(part, sent.pk))
        field = self._post("metadata/fields/", name="field", type="str", organisation=self.organisation.pk)["id"]
        own = {"name": "own", "type": "str", "organisation": self.organisation.pk, "project": self.project_id}
        of_project = self._ask("post", "metadata/fields/", own)["id"]
        attached = self._post(f"{base}metadata-model-fields/", field=field, content_type=2)["id"]
        self._keep(field_id=field, attachment_id=attached)
        self._keep(field_id=("<int:project_id>/metadata", of_project))
        link = {"url": "https://github.com/a/b/issues/1", "type": "GITHUB_ISSUE", "feature": self.feature_id}
        self._keep(link_id=("resources/", self._ask("post", f"{self.feature}feature-external-resources/", link)["id"]))
        told = self._post(f"{self.project}feature-health/providers/", name=provider)
        self._keep(name=("providers/", provider))
        self._report(told["webhook_url"].rpartition("/")[2], provider)
        (event,) = self._ask("get", f"{self.project}feature-health/events/")
        export = self._post("features/create-feature-export/", environment_id=self.environment_id, tag_ids=[])["id"]
        self._keep(event_id=event["id"], export_id=export)
        everything_delivered()
        self._keep(line_id=AuditLog.objects.filter(project_id=self.project_id).order_by("id")[0].pk)

    def _report(self, token: str, provider: str) -> None:
        alert = {"status": "firing", "labels": {"flagsmith_feature": "flag"}}
        report = {"feature": "flag", "status": "unhealthy"}
        self._ask("post", f"feature-health/{token}", report if provider == "Webhook" else {"alerts": [alert]})
