from django.apps import AppConfig


class LdapConfig(AppConfig):
    name = "burgee.control.ldap"
    label = "ldap"

    def ready(self) -> None:
        from burgee.control.ldap.doors import ldap_doors
        from burgee.control.sso import doors

        doors.register("ldap", ldap_doors)
