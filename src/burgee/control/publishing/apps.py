from django.apps import AppConfig


class PublishingConfig(AppConfig):
    name = "burgee.control.publishing"
    label = "publishing"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Models can be imported only once the apps are ready.
        from burgee.control.events.publish import register_inline
        from burgee.control.publishing.services import publish_event

        register_inline("publishing", publish_event)
