"""Active Directory's doorstep: people bind there with names that are no DN. Everything else is OpenLDAP's."""

import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress

from ldap3.protocol.rfc4511 import LDAPMessage
from pyasn1.codec.ber import decoder, encoder


@contextmanager
def a_doorstep(port: int, names: Mapping[str, str]) -> Iterator[int]:
    """A port that leads to `port`; a bind as one of `names` becomes one as the DN beside it."""
    stop = threading.Event()
    threads: list[threading.Thread] = []

    def pump(source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while taken := source.recv(65_536):
                target.sendall(taken)
        with suppress(OSError):
            target.shutdown(socket.SHUT_WR)

    def serve(caller: socket.socket) -> None:
        with caller, socket.create_connection(("127.0.0.1", port)) as behind:
            behind.sendall(_renamed(caller.recv(65_536), names))
            back = threading.Thread(target=pump, args=(behind, caller))
            back.start()
            pump(caller, behind)
            back.join()

    def accept(listening: socket.socket) -> None:
        listening.settimeout(0.05)
        while not stop.is_set():
            with suppress(TimeoutError):
                caller, _ = listening.accept()
                threads.append(threading.Thread(target=serve, args=(caller,)))
                threads[-1].start()

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=accept, args=(listening,))
        thread.start()
        try:
            yield listening.getsockname()[1]
        finally:
            stop.set()
            thread.join()
            for each in threads:
                each.join()


def _renamed(request: bytes, names: Mapping[str, str]) -> bytes:
    message, _ = decoder.decode(request, asn1Spec=LDAPMessage())
    if message["protocolOp"].getName() != "bindRequest":
        return request
    bind = message["protocolOp"].getComponent()
    bind["name"] = names.get(str(bind["name"]).casefold(), str(bind["name"]))
    return bytes(encoder.encode(message))
