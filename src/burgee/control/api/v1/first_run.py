"""Setting up an empty server from a browser, and the page at which a password is set."""

import os
import secrets
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.template import Context, Engine
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from burgee.control.accounts.errors import LinkInvalid, SetUpAlready
from burgee.control.accounts.models import User
from burgee.control.accounts.passwords import password_link, user_of_link
from burgee.control.accounts.services import make_first_user
from burgee.control.api.base import ApiView, NoScope, Public, parsed
from burgee.control.api.base.routing import path
