import socket

import pytest

from burgee.serve.listening import address_of, listen
from burgee.serve.settings import ServerSettings
from burgee.settings_reader import SettingsError
from tests.services.binaries import free_port


def test_the_socket_is_bound_where_the_settings_say():
    port = free_port()
    with listen(ServerSettings(port=port)) as listener:
        assert listener.getsockname() == ("127.0.0.1", port)
        assert address_of(listener) == f"http://localhost:{port}"


def test_a_port_in_use_says_what_to_do():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SettingsError, match=rf"127\.0\.0\.1:{port} cannot be listened on: Address already in use"):
            listen(ServerSettings(port=port))


def test_an_unknown_address_is_named():
    with pytest.raises(SettingsError, match=r"BURGEE_HOST='not an address' is wrong"):
        listen(ServerSettings(host="not an address"))


def test_an_address_of_another_machine_is_refused():
    with pytest.raises(SettingsError, match=r"192\.0\.2\.1:\d+ cannot be listened on"):
        listen(ServerSettings(host="192.0.2.1", port=free_port()))
