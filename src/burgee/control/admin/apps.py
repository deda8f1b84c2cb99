from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    name = "burgee.control.admin"
    label = "console"
