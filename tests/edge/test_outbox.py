import asyncio
from typing import cast

from burgee.edge.outbox import Outbox


class Wire:
    """Stands for a transport; what is sent over any of them is in one list, in order."""

    def __init__(self, name: str, sent: list[tuple[str, bytes]]) -> None:
        self.name = name
        self.sent = sent
        self.closing = False

    def is_closing(self) -> bool:
        return self.closing

    def write(self, data: bytes) -> None:
        self.sent.append((self.name, data))


def transport(wire: Wire) -> asyncio.Transport:
    return cast("asyncio.Transport", wire)


def test_answers_leave_when_the_turn_ends():
    async def main() -> list[tuple[str, bytes]]:
        sent: list[tuple[str, bytes]] = []
        outbox = Outbox()
        for name in "abc":
            outbox.put(transport(Wire(name, sent)), name.encode())
        assert not sent
        await asyncio.sleep(0)
        return sent

    assert asyncio.run(main()) == [("a", b"a"), ("b", b"b"), ("c", b"c")]


def test_a_second_answer_of_one_connection_sends_the_first():
    async def main() -> list[tuple[str, bytes]]:
        sent: list[tuple[str, bytes]] = []
        outbox, wire = Outbox(), transport(Wire("a", sent))
        outbox.put(wire, b"1")
        outbox.put(wire, b"2")
        assert sent == [("a", b"1")]
        await asyncio.sleep(0)
        return sent

    assert asyncio.run(main()) == [("a", b"1"), ("a", b"2")]


def test_what_was_closed_meanwhile_gets_nothing_and_the_others_theirs():
    async def main() -> list[tuple[str, bytes]]:
        sent: list[tuple[str, bytes]] = []
        outbox, gone = Outbox(), Wire("gone", sent)
        outbox.put(transport(gone), b"1")
        outbox.put(transport(Wire("b", sent)), b"2")
        gone.closing = True
        await asyncio.sleep(0)
        return sent

    assert asyncio.run(main()) == [("b", b"2")]


def test_very_many_answers_do_not_wait_for_the_end():
    async def main() -> int:
        sent: list[tuple[str, bytes]] = []
        outbox = Outbox()
        for number in range(70):
            outbox.put(transport(Wire(str(number), sent)), b"x")
        return len(sent)

    assert asyncio.run(main()) == 64
