from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    name = "burgee.control.webhooks"
    label = "webhooks"
    default_auto_field = "django.db.models.BigAutoField"
