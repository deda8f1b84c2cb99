"""Webhooks of environments and organisations, their deliveries, and trying an address out."""

from collections.abc import Callable
from typing import Any, ClassVar, Final

from django.core.exceptions import ValidationError as DjangoValidationError
from django.core.validators import URLValidator
from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.exceptions import NotFound, PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from burgee.control.access.permissions import Permission
from burgee.control.api.base import (
    ApiView,
    EnvironmentFromUrl,
    Missing,
    NoScope,
    OrganisationFromUrl,
    get_or_missing,
    paginated,
    parsed,
)
from burgee.control.api.base.parsing import LARGEST_ID
from burgee.control.api.base.routing import path
from burgee.control.environments.models import Environment
from burgee.control.environments.queries import environment_with_key
from burgee.control.kit import outbound
from burgee.control.organisations.models import Organisation
from burgee.control.webhooks import services, trials
from burgee.control.webhooks.models import DeliveryStatus, Webhook, WebhookDelivery

LONGEST_URL: Final = 200
LONGEST_SECRET: Final = 255

Place = Organisation | Environment


def web_address(url: str) -> None:
    """What starts like an address of the web."""
    if not url.lower().startswith(("http://", "https://")):
        raise DjangoValidationError("Enter a valid http(s) URL.")


class AddressField(serializers.CharField):
    """An http(s) URL that does not lead inward, as far as its name tells now."""

    def __init__(self, **options: Any) -> None:
        validators: list[Callable[[str], None]] = [web_address, URLValidator(schemes=["http", "https"])]
        super().__init__(max_length=LONGEST_URL, validators=validators, **options)

    def run_validation(self, data: Any = serializers.empty) -> Any:
        url = super().run_validation(data)
        try:
            outbound.client().check(url)
        except outbound.AddressRefused as error:
            raise serializers.ValidationError(str(error)) from error
        except outbound.OutboundError as error:
            raise serializers.ValidationError("Enter a valid URL.") from error
        return url


class WebhookInput(serializers.Serializer[Any]):
    url = AddressField()
    enabled = serializers.BooleanField(required=False)
    secret = serializers.CharField(max_length=LONGEST_SECRET, required=False, allow_blank=True, trim_whitespace=False)


class ScopeInput(serializers.Serializer[Any]):
    type = serializers.ChoiceField(choices=("organisation", "environment"))
    id = serializers.CharField(max_length=100)


class TrialInput(serializers.Serializer[Any]):
    webhook_url = AddressField()
    scope = ScopeInput()
    secret = serializers.CharField(
        max_length=LONGEST_SECRET, required=False, allow_null=True, allow_blank=True, trim_whitespace=False
    )


class DeliveryFilter(serializers.Serializer[Any]):
    status = serializers.ChoiceField(choices=DeliveryStatus.choices, required=False)


class OfEnvironment(ApiView):
    """What all views of an environment's hooks share."""

    permission = Permission.ENVIRONMENT_ADMIN
    scope = EnvironmentFromUrl(missing=Missing.REFUSED)
    tags = ("webhooks",)


class OfOrganisation(ApiView):
    permission = Permission.ORGANISATION_ADMIN
    scope = OrganisationFromUrl()
    tags = ("webhooks",)


class EnvironmentWebhooks(OfEnvironment):
    permission: ClassVar[Any] = {"get": Permission.VIEW_ENVIRONMENT, "post": Permission.ENVIRONMENT_ADMIN}
    accepts = WebhookInput

    def get(self, request: Request, environment: Environment) -> Response:  # noqa: ARG002 - DRF's signature
        # Who only looks gets no secret: it signs messages.
        hidden = {} if self.allows(Permission.ENVIRONMENT_ADMIN, environment) else {"secret": ""}
        return Response([_present(hook) | hidden for hook in _hooks(environment).order_by("id")])

    def post(self, request: Request, environment: Environment) -> Response:
        return _create(self, request, environment)


class EnvironmentWebhook(OfEnvironment):
    accepts = WebhookInput

    def put(self, request: Request, environment: Environment, hook_id: int) -> Response:
        return _change(self, request, _hook(environment, hook_id), partial=False)

    def patch(self, request: Request, environment: Environment, hook_id: int) -> Response:
        return _change(self, request, _hook(environment, hook_id), partial=True)

    def delete(self, request: Request, environment: Environment, hook_id: int) -> Response:  # noqa: ARG002 - DRF's signature
        services.delete_webhook(_hook(environment, hook_id), actor=self.actor)
        return Response(status=204)


class EnvironmentWebhookResumption(OfEnvironment):
    def post(self, request: Request, environment: Environment, hook_id: int) -> Response:  # noqa: ARG002 - DRF's signature
        return Response(_present(services.resume_webhook(_hook(environment, hook_id), actor=self.actor)))


class EnvironmentDeliveries(OfEnvironment):
    def get(self, request: Request, environment: Environment, hook_id: int) -> Response:
        return _deliveries(request, _hook(environment, hook_id))


class EnvironmentRedelivery(OfEnvironment):
    succeeds = {"post": (202,)}

    def post(self, request: Request, environment: Environment, hook_id: int, delivery_id: int) -> Response:  # noqa: ARG002 - DRF's signature
        return _redeliver(_hook(environment, hook_id), delivery_id)


class OrganisationWebhooks(OfOrganisation):
    accepts = WebhookInput

    def get(self, request: Request, organisation: Organisation) -> Response:
        return paginated(request, _hooks(organisation).order_by("id"), lambda rows: [_present(row) for row in rows])

    def post(self, request: Request, organisation: Organisation) -> Response:
        return _create(self, request, organisation)


class OrganisationWebhook(OfOrganisation):
    accepts = WebhookInput

    def get(self, request: Request, organisation: Organisation, hook_id: int) -> Response:  # noqa: ARG002 - DRF's signature
        return Response(_present(_hook(organisation, hook_id)))

    def put(self, request: Request, organisation: Organisation, hook_id: int) -> Response:
        return _change(self, request, _hook(organisation, hook_id), partial=False)

    def patch(self, request: Request, organisation: Organisation, hook_id: int) -> Response:
        return _change(self, request, _hook(organisation, hook_id), partial=True)

    def delete(self, request: Request, organisation: Organisation, hook_id: int) -> Response:  # noqa: ARG002 - DRF's signature
        services.delete_webhook(_hook(organisation, hook_id), actor=self.actor)
        return Response(status=204)


class OrganisationWebhookResumption(OfOrganisation):
    def post(self, request: Request, organisation: Organisation, hook_id: int) -> Response:  # noqa: ARG002 - DRF's signature
        return Response(_present(services.resume_webhook(_hook(organisation, hook_id), actor=self.actor)))


class OrganisationDeliveries(OfOrganisation):
    def get(self, request: Request, organisation: Organisation, hook_id: int) -> Response:
        return _deliveries(request, _hook(organisation, hook_id))


class OrganisationRedelivery(OfOrganisation):
    succeeds = {"post": (202,)}

    def post(self, request: Request, organisation: Organisation, hook_id: int, delivery_id: int) -> Response:  # noqa: ARG002 - DRF's signature
        return _redeliver(_hook(organisation, hook_id), delivery_id)


class WebhookTrial(ApiView):
    """Sends a sample; the body says in which place the caller means to use the address, and must rule there."""

    permission = Permission.SIGNED_IN
    scope = NoScope()
    tags = ("webhooks",)
    accepts = TrialInput

    def post(self, request: Request) -> Response:
        facts = parsed(TrialInput, request)
        kind = facts["scope"]["type"]
        self._require_rule(kind, facts["scope"]["id"])
        outcome = trials.try_out(facts["webhook_url"], facts.get("secret") or "", kind)
        if outcome.is_success and outcome.reply:
            return Response({"detail": "Webhook test successful", "status": outcome.reply.status})
        if outcome.reply:
            detail = f"Webhook returned error status: {outcome.reply.status}"
            return Response({"detail": detail, "status": outcome.reply.status, "body": outcome.reply.body}, status=400)
        return Response({"detail": outcome.error, "status": 0, "body": None}, status=400)

    def _require_rule(self, kind: str, text: str) -> None:
        if kind == "environment":
            environment = environment_with_key(text)
            if environment is None or not self.allows(Permission.ENVIRONMENT_ADMIN, environment):
                raise PermissionDenied
            return
        number = int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
        organisation = Organisation.objects.living().filter(pk=number, pk__lte=LARGEST_ID).first()
        if organisation is None or not self.allows(Permission.ORGANISATION_ADMIN, organisation):
            raise PermissionDenied


def _hooks(place: Place) -> QuerySet[Webhook]:
    if isinstance(place, Environment):
        return Webhook.objects.of_environment(place)
    return Webhook.objects.of_organisation(place)


def _hook(place: Place, hook_id: int) -> Webhook:
    found = _hooks(place).filter(pk=hook_id).first()
    if found is None:
        what = "Webhook" if isinstance(place, Environment) else "OrganisationWebhook"
        raise NotFound(f"No {what} matches the given query.")
    return found


def _create(view: ApiView, request: Request, place: Place) -> Response:
    hook = services.create_webhook(place, actor=view.actor, **parsed(WebhookInput, request))
    return Response(_present(hook), status=201, headers={"Location": hook.url})


def _change(view: ApiView, request: Request, hook: Webhook, *, partial: bool) -> Response:
    facts = parsed(WebhookInput, request, partial=partial)
    return Response(_present(services.change_webhook(hook, actor=view.actor, **facts)))


def _deliveries(request: Request, hook: Webhook) -> Response:
    wanted = DeliveryFilter(data={name: text for name, text in request.query_params.items() if name == "status"})
    wanted.is_valid(raise_exception=True)
    rows = WebhookDelivery.objects.filter(webhook=hook, **wanted.validated_data).order_by("-id")
    return paginated(request, rows, lambda page: [_present_delivery(row) for row in page])


def _redeliver(hook: Webhook, delivery_id: int) -> Response:
    delivery = get_or_missing(WebhookDelivery.objects.filter(webhook=hook), id=delivery_id)
    return Response(_present_delivery(services.redeliver(delivery)), status=202)


def _present(hook: Webhook) -> dict[str, Any]:
    return {
        "id": hook.pk,
        "url": hook.url,
        "enabled": hook.enabled,
        "created_at": hook.created_at,
        "updated_at": hook.updated_at,
        "secret": services.shown_secret_of(hook),
        "paused_at": hook.paused_at,
    }


def _present_delivery(row: WebhookDelivery) -> dict[str, Any]:
    return {
        "id": row.pk,
        "uuid": row.uuid,
        "event_type": row.event_type,
        "status": row.status,
        "created_at": row.created_at,
        "attempts": row.attempts,
        "tried_at": row.tried_at,
        "answer_status": row.answer_status,
        "latency_ms": row.milliseconds,
        "error": row.error,
        "data": row.data,
    }


_ENVIRONMENT: Final = "environments/<str:environment_key>/webhooks/"
_ORGANISATION: Final = "organisations/<int:organisation_id>/webhooks/"

routes = [
    path(_ENVIRONMENT, EnvironmentWebhooks),
    path(f"{_ENVIRONMENT}<int:hook_id>/", EnvironmentWebhook),
    path(f"{_ENVIRONMENT}<int:hook_id>/resume/", EnvironmentWebhookResumption),
    path(f"{_ENVIRONMENT}<int:hook_id>/deliveries/", EnvironmentDeliveries),
    path(f"{_ENVIRONMENT}<int:hook_id>/deliveries/<int:delivery_id>/redeliver/", EnvironmentRedelivery),
    path(_ORGANISATION, OrganisationWebhooks),
    path(f"{_ORGANISATION}<int:hook_id>/", OrganisationWebhook),
    path(f"{_ORGANISATION}<int:hook_id>/resume/", OrganisationWebhookResumption),
    path(f"{_ORGANISATION}<int:hook_id>/deliveries/", OrganisationDeliveries),
    path(f"{_ORGANISATION}<int:hook_id>/deliveries/<int:delivery_id>/redeliver/", OrganisationRedelivery),
    path("webhooks/test/", WebhookTrial),
]
