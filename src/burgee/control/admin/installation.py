"""What an operator sees of the installation."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from burgee.control.accounts.lockout import unlock
from burgee.control.accounts.models import SignInFailures, User
from burgee.control.accounts.services import change_account
from burgee.control.admin import sign_in
from burgee.control.admin.site import site
from burgee.control.admin.tables import Table, actor_of
from burgee.control.audit.models import AuditLog
from burgee.control.environments.models import Environment
from burgee.control.environments.services import change_environment
from burgee.control.events.models import Delivery, Event, RecurringJob
from burgee.control.jobs.models import Job
from burgee.control.mail.models import Letter
from burgee.control.organisations.models import ApiKey, Invite, Membership, Organisation
from burgee.control.organisations.services import change_organisation
from burgee.control.projects.models import Project
from burgee.control.projects.services import change_project
from burgee.control.publishing.models import Head
from burgee.control.saml.configurations import change_configuration
from burgee.control.saml.models import SamlAttributeMapping, SamlConfiguration
from burgee.control.segments.models import Segment
from burgee.control.segments.services import whitelist_segment
from burgee.control.webhooks.models import Webhook, WebhookDelivery
from burgee.control.webhooks.services import change_webhook

__all__ = ["sign_in", "site"]


@admin.register(User, site=site)
class Users(Table):
    list_display = ("email", "first_name", "last_name", "is_active", "is_superuser", "last_login")
    search_fields = ("email", "first_name", "last_name")
    list_filter = ("is_active", "is_superuser")
    edited = ("first_name", "last_name", "is_active", "is_superuser")
    change = staticmethod(change_account)
    actions = ("unlock",)

    @admin.action(description="End the lock after failed sign-ins")
    def unlock(self, request: HttpRequest, people: QuerySet[User]) -> None:
        ended = sum(unlock(person, actor=actor_of(request)) for person in people)
        messages.success(request, f"{ended} locks ended.")


@admin.register(Organisation, site=site)
class Organisations(Table):
    search_fields = ("name",)
    edited = ("name", "persist_trait_data", "stop_serving_flags")
    change = staticmethod(change_organisation)


@admin.register(Project, site=site)
class Projects(Table):
    list_display = ("name", "organisation", "max_features_allowed", "max_segments_allowed", "deleted_at")
    list_select_related = ("organisation",)
    search_fields = ("name", "organisation__name")
    edited = (
        "max_features_allowed",
        "max_segments_allowed",
        "max_segment_overrides_allowed",
        "stale_flags_limit_days",
    )
    change = staticmethod(change_project)


@admin.register(Environment, site=site)
class Environments(Table):
    list_display = ("name", "project", "api_key", "use_v2_feature_versioning", "deleted_at")
    list_select_related = ("project",)
    search_fields = ("name", "project__name")
    edited = ("allow_client_traits", "hide_sensitive_data")
    change = staticmethod(change_environment)


@admin.register(Segment, site=site)
class Segments(Table):
    """A whitelisted segment may have more conditions than the installation allows."""

    list_display = ("name", "project", "is_whitelisted", "updated_at", "deleted_at")
    list_select_related = ("project",)
    search_fields = ("name", "project__name")
    list_filter = ("is_whitelisted",)
    edited = ("is_whitelisted",)
    change = staticmethod(whitelist_segment)


@admin.register(Webhook, site=site)
class Webhooks(Table):
    list_display = ("url", "organisation", "environment", "enabled", "paused_at", "failures")
    list_select_related = ("organisation", "environment")
    search_fields = ("url",)
    list_filter = ("enabled",)
    edited = ("enabled",)
    change = staticmethod(change_webhook)


@admin.register(WebhookDelivery, site=site)
class WebhookDeliveries(Table):
    list_display = ("event_type", "webhook_id", "status", "attempts", "answer_status", "error", "created_at")
    list_filter = ("status",)


@admin.register(SamlConfiguration, site=site)
class SamlConfigurations(Table):
    list_display = ("name", "organisation", "frontend_url", "metadata_read_at", "metadata_problem")
    list_select_related = ("organisation",)
    search_fields = ("name", "organisation__name")
    list_filter = ("allow_idp_initiated",)
    edited = ("frontend_url", "idp_metadata_xml", "idp_metadata_url", "allow_idp_initiated")
    change = staticmethod(change_configuration)


@admin.register(SamlAttributeMapping, site=site)
class SamlAttributeMappings(Table):
    list_display = ("configuration", "field", "idp_attribute_name")
    list_select_related = ("configuration",)


@admin.register(Membership, site=site)
class Memberships(Table):
    list_select_related = ("user", "organisation")
    search_fields = ("user__email", "organisation__name")


@admin.register(ApiKey, site=site)
class ApiKeys(Table):
    search_fields = ("name", "organisation__name")


@admin.register(Invite, site=site)
class Invites(Table):
    search_fields = ("email",)


@admin.register(Event, site=site)
class Events(Table):
    list_display = ("type", "organisation_id", "actor_label", "occurred_at", "dispatched_at", "seq")
    search_fields = ("type", "actor_label")


@admin.register(Delivery, site=site)
class Deliveries(Table):
    list_display = ("consumer", "event_id", "attempts", "due_at", "done_at", "last_error")
    list_filter = ("consumer",)


@admin.register(AuditLog, site=site)
class AuditLines(Table):
    list_display = ("log", "author_label", "organisation_id", "occurred_at")
    search_fields = ("log", "author_label")


@admin.register(Letter, site=site)
class Letters(Table):
    """Mail that is owed or was sent; what it says is not kept."""

    list_display = ("kind", "attempts", "created_at", "due_at", "done_at", "is_sent", "last_error")
    list_filter = ("is_sent", "kind")


@admin.register(Job, site=site)
class Jobs(Table):
    list_display = ("kind", "subject_id", "status", "progress", "attempts", "due_at", "ended_at", "last_error")
    list_filter = ("status", "kind")


for model in (RecurringJob, Head, SignInFailures):
    site.register(model, Table)
