"""A cold edge starts from its disk with everything else dead."""

import asyncio
import stat
from pathlib import Path

from burgee.edge.lastgood import LastGood
from burgee.edge.store import Store
from burgee.wire.snapshot import Delta
from tests.edge.feed.publisher import MOMENT, change, snapshot
from tests.services.polling import until


def parts_of(store: Store, environment_id: int = 1) -> object:
    environment = store.environment(environment_id)
    return environment and environment.parts


async def served_and_closed(folder: Path, *deltas: Delta) -> Store:
    store = Store()
    last_good = LastGood(folder, store, settle=0)
    await last_good.start()
    for delta in deltas:
        store.accept(delta)
    await last_good.close()
    return store


def test_a_cold_start_serves_what_was_served_last(tmp_path: Path) -> None:
    async def story() -> None:
        before = await served_and_closed(tmp_path / "s", snapshot(1), snapshot(2), change(revision=2, enabled=True))
        after = await served_and_closed(tmp_path / "s")
        assert after.versions() == {1: (1, 2), 2: (1, 1)}
        assert parts_of(after) == parts_of(before)
        environment = after.environment(1)
        assert environment is not None
        assert environment.published_at == MOMENT

    asyncio.run(story())


def test_a_change_is_on_the_disk_soon_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    async def story() -> None:
        store = Store()
        last_good = LastGood(tmp_path / "s", store, settle=0.001)
        await last_good.start()
        path = tmp_path / "s" / "1.snapshot.json"
        await asyncio.to_thread(store.accept, snapshot())
        await until(path.exists)
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
        store.accept(Delta(environment_id=1, epoch=1, revision=2, parent=None, published_at=MOMENT, parts={}))
        await until(lambda: not path.exists())
        await last_good.close()
        assert list(path.parent.iterdir()) == []

    asyncio.run(story())


def test_files_that_cannot_be_read_do_not_stop_the_start(tmp_path: Path) -> None:
    async def story() -> None:
        await served_and_closed(tmp_path, snapshot(1), snapshot(2), snapshot(3))
        (tmp_path / "1.snapshot.json").write_bytes((tmp_path / "1.snapshot.json").read_bytes()[:-9])
        newer = (tmp_path / "2.snapshot.json").read_bytes().replace(b'"format":1', b'"format":99')
        (tmp_path / "2.snapshot.json").write_bytes(newer)
        (tmp_path / "4.snapshot.json").write_bytes((tmp_path / "3.snapshot.json").read_bytes())
        assert (await served_and_closed(tmp_path)).versions() == {3: (1, 1)}

    asyncio.run(story())


def test_a_folder_that_cannot_be_written_does_not_stop_the_serving(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")

    async def story() -> None:
        store = await served_and_closed(tmp_path / "file2" / "s", snapshot())
        assert store.versions() == {1: (1, 1)}
        blocked = Store()
        last_good = LastGood(tmp_path / "s", blocked, settle=0)
        await last_good.start()
        (tmp_path / "s").write_text("in the way")
        blocked.accept(snapshot())
        await last_good.close()
        assert blocked.versions() == {1: (1, 1)}

    asyncio.run(story())
