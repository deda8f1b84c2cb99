import asyncio

import pytest

from burgee.edge.eager import Rest, begin


async def doubled(future: "asyncio.Future[int] | None", value: int = 1) -> int:
    if future is not None:
        value = await future
        await asyncio.sleep(0)
    return value * 2


def test_what_need_not_wait_is_finished_at_once():
    assert begin(doubled(None, 4)) == 8


def test_what_waits_goes_on_in_a_task():
    async def main() -> int:
        future: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        rest = begin(doubled(future))
        assert isinstance(rest, Rest)
        asyncio.get_running_loop().call_soon(future.set_result, 21)
        return await rest

    assert asyncio.run(main()) == 42


def test_an_error_reaches_the_one_who_waits():
    async def main() -> None:
        future: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        rest = begin(doubled(future))
        assert isinstance(rest, Rest)
        asyncio.get_running_loop().call_soon(future.set_exception, KeyError("gone"))
        await rest

    with pytest.raises(KeyError):
        asyncio.run(main())


def test_a_cancelled_task_cancels_what_it_waits_for():
    seen: list[str] = []

    async def guarded(future: "asyncio.Future[int]") -> int:
        try:
            return await future
        except asyncio.CancelledError:
            seen.append("cancelled")
            raise

    async def main() -> None:
        rest = begin(guarded(asyncio.get_running_loop().create_future()))
        assert isinstance(rest, Rest)

        async def awaiting() -> int:
            return await rest

        task = asyncio.ensure_future(awaiting())
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(main())
    assert seen == ["cancelled"]
