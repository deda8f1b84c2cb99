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


def test_what_waits_for_futures_goes_on_without_a_task():
    async def main() -> tuple[list[int], int]:
        future: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        results: list[int] = []
        tasks: set[asyncio.Task[None]] = set()

        async def twice() -> int:
            return await future + await second

        second: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        rest = begin(twice())
        assert isinstance(rest, Rest)
        rest.then(results.append, tasks)
        future.set_result(1)
        await asyncio.sleep(0)
        assert not results
        second.set_result(2)
        await asyncio.sleep(0)
        return results, len(tasks)

    assert asyncio.run(main()) == ([3], 0)


def test_what_waits_for_anything_else_goes_on_in_a_task():
    async def main() -> list[int]:
        future: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        results: list[int] = []
        tasks: set[asyncio.Task[None]] = set()
        rest = begin(doubled(future))
        assert isinstance(rest, Rest)
        rest.then(results.append, tasks)
        future.set_result(21)
        await asyncio.sleep(0)
        assert not results
        await asyncio.wait(tasks)
        return results

    assert asyncio.run(main()) == [42]


def test_an_error_in_a_future_is_the_coroutines_to_handle():
    async def guarded(future: "asyncio.Future[int]") -> str:
        try:
            return str(await future)
        except KeyError:
            return "gone"

    async def main() -> list[str]:
        future: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        results: list[str] = []
        rest = begin(guarded(future))
        assert isinstance(rest, Rest)
        rest.then(results.append, set())
        future.set_exception(KeyError("gone"))
        await asyncio.sleep(0)
        return results

    assert asyncio.run(main()) == ["gone"]
