from django.apps import AppConfig


class OidcConfig(AppConfig):
    name = "burgee.control.oidc"
    label = "oidc"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from burgee.control.oidc.doors import oidc_doors
        from burgee.control.sso import doors

        doors.register("oidc", oidc_doors)
