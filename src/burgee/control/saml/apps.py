from django.apps import AppConfig


class SamlConfig(AppConfig):
    name = "burgee.control.saml"
    label = "saml"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """The page for signing in shows that there is SAML; people say which connection."""
        from burgee.control.saml.sign_in import saml_doors
        from burgee.control.sso.doors import register

        register("saml", saml_doors)
