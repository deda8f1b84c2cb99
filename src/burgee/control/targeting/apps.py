from django.apps import AppConfig


class TargetingConfig(AppConfig):
    name = "burgee.control.targeting"
    label = "targeting"
    default_auto_field = "django.db.models.BigAutoField"
