from django.apps import AppConfig


class OAuthConfig(AppConfig):
    name = "burgee.control.oauth"
    label = "oauth"
    default_auto_field = "django.db.models.BigAutoField"
