"""The one table of background work: to learn what is done later, and what again and again, read this."""

from datetime import timedelta
from typing import Final

from django.conf import settings

from burgee.control.accounts import lockout, sessions
from burgee.control.events import relay
from burgee.control.jobs import services as jobs
from burgee.control.jobs.recurring import Recurring
from burgee.control.jobs.services import Kind
from burgee.control.kit import clock
from burgee.control.lifecycle.services import roll_up_use, tag_stale_features
from burgee.control.mail import delivery
from burgee.control.oauth import applications, tokens
from burgee.control.onboarding.services import note_first_evaluations
from burgee.control.portability import exports, imports
from burgee.control.publishing import retention
from burgee.control.saml import metadata_source
from burgee.control.saml.sign_in import forget_spent
from burgee.control.sso import environment
from burgee.control.targeting.background_clones import CLONE, run_clone
from burgee.control.usage import retention as counts
from burgee.control.webhooks import couriers


def expire_snapshots() -> None:
    """Let go of snapshots behind the retention, and of parts that nothing names any more."""
    retention.expire(before=clock.now() - timedelta(days=settings.CONTROL.snapshot_retention_days))
    retention.sweep()


def trim_finished() -> None:
    """Let go of deliveries and jobs that were done long ago."""
    before = clock.now() - timedelta(days=settings.CONTROL.delivery_retention_days)
    relay.trim(before=before)
    jobs.trim(before=before)


def expire_usage() -> None:
    """Let go of counts that no series shows any more."""
    counts.expire(before=clock.now() - timedelta(days=settings.CONTROL.usage_retention_days))


def expire_webhook_deliveries() -> None:
    """Let go of messages to webhooks that are too old to be seen or sent."""
    couriers.expire(days=settings.CONTROL.webhook_retention_days)


def expire_feature_files() -> None:
    """Let go of exports and imports that are too old to be fetched or looked at."""
    exports.expire()
    imports.expire()


def forget_letters() -> None:
    """Let go of letters that were sent long ago, and of failed sign-ins that count no more."""
    kept = timedelta(days=settings.CONTROL.delivery_retention_days)
    counted = timedelta(seconds=settings.SIGN_IN.password_reset_email_cooldown)
    delivery.expire(before=clock.now() - max(kept, counted))
    lockout.expire()


def forget_tokens_of_applications() -> None:
    """Let go of what has expired, sign-ins too, and of applications that nobody ever allowed anything."""
    tokens.forget_expired()
    applications.forget_unused()
    sessions.forget_over()


RECURRING: Final[tuple[Recurring, ...]] = (
    Recurring(name="expire-snapshots", every=timedelta(hours=6), run=expire_snapshots),
    Recurring(name="trim-deliveries", every=timedelta(hours=1), run=trim_finished),
    Recurring(name="expire-webhook-deliveries", every=timedelta(hours=1), run=expire_webhook_deliveries),
    Recurring(name="expire-usage", every=timedelta(hours=24), run=expire_usage),
    Recurring(name="forget-letters", every=timedelta(hours=1), run=forget_letters),
    Recurring(name="expire-feature-files", every=timedelta(hours=1), run=expire_feature_files),
    Recurring(name="roll-up-use", every=timedelta(minutes=30), run=roll_up_use),
    Recurring(name="note-first-evaluations", every=timedelta(minutes=30), run=note_first_evaluations),
    Recurring(name="tag-stale-features", every=timedelta(hours=1), run=tag_stale_features),
    Recurring(name="forget-tokens", every=timedelta(hours=1), run=forget_tokens_of_applications),
    Recurring(name="refresh-saml-metadata", every=timedelta(hours=1), run=metadata_source.refresh_all),
    Recurring(name="note-sign-in-settings", every=timedelta(minutes=10), run=environment.note_changes),
    Recurring(name="forget-spent-assertions", every=timedelta(hours=1), run=forget_spent),
)

KINDS: Final[tuple[Kind, ...]] = (
    Kind(name=CLONE, run=run_clone),
    Kind(name=exports.EXPORT, run=exports.run_export, give_up=exports.give_up),
    Kind(name=imports.IMPORT, run=imports.run_import, give_up=imports.give_up),
)
