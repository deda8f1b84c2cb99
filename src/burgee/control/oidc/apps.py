from django.apps import AppConfig


class OidcConfig(AppConfig):
    name = "burgee.control.oidc"
    label = "oidc"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from burgee.control.oidc.doors import has_providers, oidc_doors
        from burgee.control.sso import doors
        from burgee.control.sso.people import Method

        doors.register("oidc", oidc_doors)
        doors.register_unseen(Method.OIDC, has_providers)
