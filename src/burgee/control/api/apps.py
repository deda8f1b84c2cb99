from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "burgee.control.api"
    label = "api"
