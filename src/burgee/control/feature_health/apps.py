from django.apps import AppConfig


class FeatureHealthConfig(AppConfig):
    name = "burgee.control.feature_health"
    label = "feature_health"
    default_auto_field = "django.db.models.BigAutoField"
