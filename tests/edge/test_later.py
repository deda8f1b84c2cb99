import asyncio

from burgee.edge.later import Finish, Later
from burgee.edge.response import EdgeResponse


class Promised(Later):
    """An answer that somebody else gives, by `finish`."""

    finish: Finish

    def then(self, finish: Finish) -> None:
        self.finish = finish


class Known(Later):
    def then(self, finish: Finish) -> None:
        finish(EdgeResponse(200, b"", b"known"))


def test_an_answer_that_is_there_at_once_can_be_awaited() -> None:
    async def story() -> bytes:
        return (await Known()).body

    assert asyncio.run(story()) == b"known"


def test_an_answer_that_comes_later_can_be_awaited() -> None:
    async def story() -> bytes:
        answer = Promised()
        waiting = asyncio.ensure_future(answer)
        await asyncio.sleep(0)
        answer.finish(EdgeResponse(200, b"", b"late"))
        return (await waiting).body

    assert asyncio.run(story()) == b"late"


def test_an_answer_for_somebody_who_left_is_dropped() -> None:
    async def story() -> None:
        answer = Promised()
        waiting = asyncio.ensure_future(answer)
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.wait([waiting])
        answer.finish(EdgeResponse(200, b"", b"late"))

    asyncio.run(story())


def test_what_changes_an_answer_sees_it_when_it_comes() -> None:
    bodies: list[bytes] = []
    answer = Promised()
    changed = answer.through(lambda response: EdgeResponse(200, b"", response.body + b"!"))
    changed.through(lambda response: EdgeResponse(200, b"", response.body * 2)).then(
        lambda response: bodies.append(response.body)
    )
    assert not bodies
    answer.finish(EdgeResponse(200, b"", b"late"))
    assert bodies == [b"late!late!"]
