from django.apps import AppConfig


class IdentitiesConfig(AppConfig):
    name = "burgee.control.identities"
    label = "identities"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from burgee.control.identities.models import Identity
        from burgee.control.identities.search_index import IdentifierContains

        Identity._meta.get_field("identifier").register_lookup(IdentifierContains)
