"""Requests of ours, and what stands in them."""

import base64
import zlib
from urllib.parse import parse_qs, urlsplit

from lxml import etree
from rest_framework.test import APIClient

FRONTEND = "https://flags.example"


def a_request(client: APIClient, name: str) -> str:
    """The id of a new request of ours."""
    told = client.post(f"/api/v1/auth/saml/{name}/request/").json()
    return request_in(told["url"]).get("ID")


def request_in(url: str) -> etree._Element:
    packed = parse_qs(urlsplit(url).query)["SAMLRequest"][0]
    return etree.fromstring(zlib.decompress(base64.b64decode(packed), -zlib.MAX_WBITS))
