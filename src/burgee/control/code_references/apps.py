from django.apps import AppConfig


class CodeReferencesConfig(AppConfig):
    name = "burgee.control.code_references"
    label = "code_references"
    default_auto_field = "django.db.models.BigAutoField"
