"""The outbound client: where it may go, and that what it was told at first stays true."""

import ipaddress
import socket
import ssl
import threading

import pytest

from burgee.control.kit.outbound import LARGEST_ANSWER, AddressRefused, Client, OutboundError
from tests.control.certificates import a_certificate
from tests.control.receiver import OUTSIDE, a_receiver

ALWAYS_REFUSED = [
    "127.0.0.1",
    "127.8.8.8",
    "0.0.0.0",
    "169.254.169.254",
    "100.100.100.200",
    "168.63.129.16",
    "224.0.0.1",
    "255.255.255.255",
    "2130706433",
    "0x7f.1",
    "localhost",
    "[::1]",
    "[::]",
    "[fe80::1]",
    "[fd00:ec2::254]",
    "[ff02::1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:169.254.169.254]",
    "[64:ff9b::7f00:1]",
    "[2002:7f00:1::]",
]
PRIVATE = ["10.1.2.3", "172.16.0.1", "192.168.1.1", "100.64.0.1", "[fd12::1]", "[::ffff:10.0.0.1]", "240.0.0.1"]
OUT_OF_USE = ["[::127.0.0.1]", "[::ffff:0:127.0.0.1]", "[64:ff9b:1::7f00:1]", "[fec0::1]", "[5f00::1]"]
EVERYTHING = tuple(ipaddress.ip_network(text) for text in ("0.0.0.0/0", "::/0"))


@pytest.mark.parametrize("host", [*ALWAYS_REFUSED, *PRIVATE, *OUT_OF_USE])
def test_an_address_that_leads_inward_is_refused(host):
    with pytest.raises(AddressRefused):
        Client().check(f"http://{host}/x")
    with pytest.raises(AddressRefused):
        Client().post(f"http://{host}/x", b"{}", {})


@pytest.mark.parametrize("host", ALWAYS_REFUSED)
def test_no_setting_opens_this_machine_or_metadata(host):
    with pytest.raises(AddressRefused):
        Client(allowed=EVERYTHING).check(f"http://{host}/x")


@pytest.mark.parametrize("host", PRIVATE)
def test_a_private_range_opens_when_it_is_allowed(host):
    Client(allowed=EVERYTHING).check(f"http://{host}/x")


def test_only_the_allowed_range_opens():
    client = Client(allowed=(ipaddress.ip_network("10.0.0.0/8"),))
    client.check("http://10.200.0.1/")
    with pytest.raises(AddressRefused):
        client.check("http://192.168.0.1/")


def test_a_name_with_one_inner_address_among_outer_ones_is_refused(monkeypatch):
    resolves(monkeypatch, ["93.184.216.34", "10.0.0.1"])
    with pytest.raises(AddressRefused):
        Client().check("http://mixed.example.org/")


def test_a_name_that_nobody_knows_passes_the_check_and_fails_the_request(monkeypatch):
    resolves(monkeypatch, [])
    Client().check("http://unknown.example.org/")
    with pytest.raises(OutboundError, match="cannot be resolved"):
        Client().post("http://unknown.example.org/", b"", {})


def test_the_address_is_resolved_once_and_kept(monkeypatch):
    asked = resolves(monkeypatch, ["93.184.216.34"])
    with a_receiver() as receiver:
        reached = []
        client = Client(connect=lambda address: reached.append(address) or receiver.connect(address))
        assert client.post("http://hooks.example.org/x?y=1", b"{}", {}).status == 200
    assert asked == ["hooks.example.org"]
    assert reached == [("93.184.216.34", 80)]
    path, headers, _ = receiver.requests[0]
    assert (path, headers["Host"]) == ("/x?y=1", "hooks.example.org")


def test_a_redirect_is_an_answer_and_is_not_followed():
    with a_receiver() as receiver:
        receiver.always, receiver.headers = 302, {"Location": "http://127.0.0.1:1/inside"}
        reply = receiver.client.post(f"{OUTSIDE}/x", b"{}", {})
    assert (reply.status, reply.is_success, len(receiver.requests)) == (302, False, 1)


def test_the_proxy_of_the_environment_is_not_used(monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    with a_receiver() as receiver:
        assert receiver.client.post(f"{OUTSIDE}/x", b"{}", {}).status == 200


def test_credentials_in_the_address_become_a_header():
    with a_receiver() as receiver:
        receiver.client.post("http://ann:secret@93.184.216.34/x", b"{}", {})
    assert receiver.requests[0][1]["Authorization"] == "Basic YW5uOnNlY3JldA=="


def test_a_host_that_nobody_listens_at_is_an_error_in_words():
    with a_receiver() as receiver:
        pass
    with pytest.raises(OutboundError, match="connection failed"):
        receiver.client.post(f"{OUTSIDE}/x", b"{}", {})


@pytest.mark.parametrize(
    "url", ["ftp://example.org/", "http://", "nonsense", "http://[zz/", f"{OUTSIDE}:65536/", f"{OUTSIDE}:0/"]
)
def test_what_is_no_web_address_is_refused(url):
    with pytest.raises(OutboundError):
        Client().post(url, b"", {})


def test_an_answer_in_drops_ends_at_the_deadline():
    with raw_server(b"HTTP/1.1 200 OK\r\n", forever=b"X-Drop: 1\r\n") as port:
        client = Client(connect=lambda _: ("127.0.0.1", port), seconds=0.5)
        with pytest.raises(OutboundError, match="No answer within"):
            client.post(f"{OUTSIDE}/x", b"{}", {})


def test_only_the_beginning_of_an_endless_answer_is_read():
    with raw_server(b"HTTP/1.1 500 Oops\r\nConnection: close\r\n\r\n", forever=b"x" * 4096, pause=0.0) as port:
        client = Client(connect=lambda _: ("127.0.0.1", port), seconds=10)
        reply = client.post(f"{OUTSIDE}/x", b"{}", {})
    assert (reply.status, len(reply.body)) == (500, LARGEST_ANSWER)


@pytest.mark.parametrize(("name", "trusted"), [("hooks.example.org", True), ("other.example.org", False)])
def test_the_certificate_is_checked_against_the_name_and_not_the_address(monkeypatch, tmp_path, name, trusted):
    resolves(monkeypatch, ["93.184.216.34"])
    chain, trust = a_certificate(tmp_path, "hooks.example.org")
    with tls_server(chain) as port:
        client = Client(connect=lambda _: ("127.0.0.1", port), trust=trust, seconds=5)
        if trusted:
            assert client.post(f"https://{name}/", b"{}", {}).status == 204
        else:
            with pytest.raises(OutboundError, match="connection failed"):
                client.post(f"https://{name}/", b"{}", {})


def resolves(monkeypatch, addresses):
    """Have every name that is no address resolve to `addresses`; returns the names asked for."""
    real, asked = socket.getaddrinfo, []

    def fake(host, port, *args, **options):
        if not str(host).endswith("example.org"):
            return real(host, port, *args, **options)
        asked.append(host)
        if not addresses:
            raise socket.gaierror(-2, "Name or service not known")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", fake)
    return asked


class raw_server:  # noqa: N801 - used like a function
    """Answers the first request with `start`, then with `forever` again and again."""

    def __init__(self, start, forever, pause=0.05):
        self.start, self.forever, self.pause = start, forever, pause
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self.run)

    def __enter__(self):
        self.thread.start()
        return self.listener.getsockname()[1]

    def __exit__(self, *_):
        self.stopping.set()
        self.thread.join()
        self.listener.close()

    def run(self):
        connection, _ = self.listener.accept()
        with connection:
            try:
                connection.recv(65536)
                connection.sendall(self.start)
                while not self.stopping.wait(self.pause):
                    connection.sendall(self.forever)
            except OSError:
                return


class tls_server(raw_server):  # noqa: N801 - used like a function
    def __init__(self, chain):
        super().__init__(b"", b"")
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(chain)

    def run(self):
        connection, _ = self.listener.accept()
        try:
            with self.context.wrap_socket(connection, server_side=True) as secured:
                received = b""
                # All of it: closing with something unread takes the answer back.
                while not received.endswith(b"{}") and (piece := secured.recv(65536)):
                    received += piece
                secured.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")
        except OSError:
            connection.close()
