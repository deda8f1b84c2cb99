"""The control plane as a WSGI application, with the files of its pages."""

import os
from wsgiref.headers import Headers

from django.core.wsgi import get_wsgi_application
from django.template.utils import get_app_template_dirs
from whitenoise import WhiteNoise


def _say_what_it_is(headers: Headers, _path: str, _url: str) -> None:
    headers["X-Content-Type-Options"] = "nosniff"


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "burgee.control.settings")
application = WhiteNoise(get_wsgi_application(), max_age=3600, add_headers_function=_say_what_it_is)
for folder in get_app_template_dirs("static"):
    application.add_files(str(folder), prefix="static/")
