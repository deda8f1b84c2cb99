"""Burgee as a person starts it, but what it asks the outside ends at a server of a test on this machine."""

import os
import ssl
import sys

from burgee.cli import main
from burgee.control import settings

ELSEWHERE = int(os.environ["TEST_ELSEWHERE"])

settings.GOOGLE_TOKEN_INFO = os.environ["TEST_ELSEWHERE_URL"] + "/tokeninfo"
settings.GOOGLE_USER_INFO = os.environ["TEST_ELSEWHERE_URL"] + "/userinfo"
settings.OUTBOUND_CONNECT = lambda _: ("127.0.0.1", ELSEWHERE)
settings.OUTBOUND_TRUST = ssl.create_default_context(cafile=os.environ["TEST_ELSEWHERE_CERTIFICATE"])

sys.exit(main())
