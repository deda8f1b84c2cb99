from django.apps import AppConfig


class CustomFieldsConfig(AppConfig):
    name = "burgee.control.custom_fields"
    label = "custom_fields"
    default_auto_field = "django.db.models.BigAutoField"
