"""What the environment says about signing in, compared with what it said before: a change of it is told, too."""

from typing import Any

from django.conf import settings
from django.db import transaction

from burgee.control.events.catalog import EventType, ObjectType
from burgee.control.events.publish import Change, Scope, publish
from burgee.control.kit.actor import SYSTEM
from burgee.control.sso.models import KnownEnvironment


@transaction.atomic
def note_changes() -> None:
    """Tell what is other than last time. The first time nothing is."""
    said = _said()
    known = KnownEnvironment.objects.select_for_update().first()
    if known is None:
        KnownEnvironment.objects.get_or_create(pk=1, defaults={"said": said})
        return
    # What an earlier release did not look at is no change.
    before = {name: known.said[name] for name, new in said.items() if known.said.get(name, new) != new}
    if known.said == said:
        return
    known.said = said
    known.save()
    if before:
        after = {name: said[name] for name in before}
        change = Change(object=ObjectType.SIGN_IN_SETTINGS, action="updated", id=1, before=before, after=after)
        publish(EventType.SIGN_IN_SETTINGS_CHANGED, scope=Scope(), changes=[change], actor=SYSTEM)


def _said() -> dict[str, Any]:
    """By the names of the variables. Who may break the glass is counted, not named."""
    sso, control = settings.SSO, settings.CONTROL
    return {
        "BURGEE_SIGN_IN_METHODS": ", ".join(sso.methods.names),
        "BURGEE_BREAK_GLASS_EMAILS": len(sso.break_glass_emails),
        "BURGEE_SESSION_DAYS": sso.session_days,
        "BURGEE_SESSION_IDLE_DAYS": sso.session_idle_days,
        "PREVENT_EMAIL_PASSWORD": control.prevent_email_password,
        "PREVENT_SIGNUP": control.prevent_signup,
        "ALLOW_REGISTRATION_WITHOUT_INVITE": control.allow_registration_without_invite,
    }
