"""The journal as a file: what it keeps, what it refuses, what it survives."""

import os
import stat
import zlib
from pathlib import Path

import pytest

from burgee.edge.identities.journal import Journal, JournalLimits, encode_patch
from burgee.edge.identities.protocol import StoreUnavailable, TraitPatch

NO_GUARD = JournalLimits(free=0)


def patch(number: int) -> TraitPatch:
    return TraitPatch(environment_id=1, identifier=f"u{number}", set={"n": number, "f": 1e16, "t": "é"}, delete=("x",))


def opened(folder: Path, limits: JournalLimits = NO_GUARD) -> Journal:
    journal = Journal(folder, limits)
    journal.open()
    return journal


def fill(journal: Journal, *numbers: int) -> None:
    journal.append([encode_patch(patch(number)) for number in numbers])


def test_patches_come_back_in_order_after_a_restart(tmp_path: Path) -> None:
    journal = opened(tmp_path)
    fill(journal, 1, 2)
    fill(journal, 3)
    journal.close()

    journal = opened(tmp_path)
    first, offset = journal.read(0, 2)
    rest, end = journal.read(offset, 10)
    assert first + rest == [patch(1), patch(2), patch(3)]
    assert isinstance(rest[0].set["f"], float)
    assert end == journal.size
    journal.close()


def test_the_file_is_private(tmp_path: Path) -> None:
    journal = opened(tmp_path / "journal")
    assert stat.S_IMODE((tmp_path / "journal/traits-0.journal").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "journal").stat().st_mode) == 0o700
    journal.close()


@pytest.mark.parametrize("cut", [1, 7, 9, 30])
def test_a_torn_last_record_is_dropped_and_the_rest_kept(tmp_path: Path, cut: int) -> None:
    journal = opened(tmp_path)
    fill(journal, 1)
    whole = journal.size
    fill(journal, 2)
    journal.close()
    os.truncate(tmp_path / "traits-0.journal", whole + cut)

    journal = opened(tmp_path)
    assert journal.read(0, 10) == ([patch(1)], whole)
    fill(journal, 3)
    assert journal.read(0, 10)[0] == [patch(1), patch(3)]
    journal.close()


def test_a_damaged_record_is_not_replayed(tmp_path: Path) -> None:
    journal = opened(tmp_path)
    fill(journal, 1)
    whole = journal.size
    fill(journal, 2)
    journal.close()
    path = tmp_path / "traits-0.journal"
    body = bytearray(path.read_bytes())
    body[-1] ^= 1
    path.write_bytes(body)

    journal = opened(tmp_path)
    assert journal.read(0, 10) == ([patch(1)], whole)
    journal.close()


@pytest.mark.parametrize("place", ["length", "checksum", "body"])
def test_what_comes_after_a_damaged_record_is_kept_and_the_loss_is_told(
    tmp_path: Path, place: str, caplog: pytest.LogCaptureFixture
) -> None:
    journal = opened(tmp_path)
    fill(journal, 1)
    start = journal.size
    fill(journal, 2)
    end = journal.size
    fill(journal, 3, 4)
    journal.close()
    path = tmp_path / "traits-0.journal"
    body = bytearray(path.read_bytes())
    body[start + {"length": 3, "checksum": 4, "body": 30}[place]] ^= 1
    path.write_bytes(body)

    journal = opened(tmp_path)
    assert journal.read(0, 10) == ([patch(1), patch(3), patch(4)], journal.size)
    assert journal.read(start, 1)[0] == [patch(3)]
    assert [one.getMessage() for one in caplog.records] == [f"traits.journal_damaged lost_bytes={end - start}"]
    journal.close()


def test_a_trait_that_looks_like_a_record_is_none(tmp_path: Path) -> None:
    journal = opened(tmp_path)
    inner = encode_patch(patch(1))
    fake = (len(inner).to_bytes(4, "little") + zlib.crc32(inner).to_bytes(4, "little") + inner).decode("latin-1")
    journal.append([encode_patch(TraitPatch(environment_id=1, identifier="a", set={"t": fake}))])
    fill(journal, 2)
    journal.close()
    path = tmp_path / "traits-0.journal"
    body = bytearray(path.read_bytes())
    body[0] ^= 1
    path.write_bytes(body)

    journal = opened(tmp_path)
    assert journal.read(0, 10)[0] == [patch(2)]
    journal.close()


def test_a_full_journal_refuses_and_keeps_what_it_has(tmp_path: Path) -> None:
    journal = opened(tmp_path, JournalLimits(size=200, free=0))
    fill(journal, 1)
    with pytest.raises(StoreUnavailable, match="full"):
        fill(journal, 2, 3, 4)
    assert journal.read(0, 10)[0] == [patch(1)]
    journal.close()


def test_a_disk_without_room_refuses(tmp_path: Path) -> None:
    journal = opened(tmp_path, JournalLimits(free=2**62))
    with pytest.raises(StoreUnavailable, match="room"):
        fill(journal, 1)
    journal.close()


def test_two_processes_have_a_file_each_and_the_dead_ones_is_taken_over(tmp_path: Path) -> None:
    first, second = opened(tmp_path), opened(tmp_path)
    fill(first, 1)
    fill(second, 2)
    assert first.read(0, 10)[0] == [patch(1)]
    second.close()
    third = opened(tmp_path)
    assert third.read(0, 10)[0] == [patch(2)]
    first.close()
    third.close()

    heir = opened(tmp_path)
    assert [one.identifier for one in heir.read(0, 10)[0]] == ["u1", "u2"]
    heir.close()
    again = opened(tmp_path)
    assert len(again.read(0, 10)[0]) == 2
    again.close()


def test_clearing_empties_it_for_good(tmp_path: Path) -> None:
    journal = opened(tmp_path)
    fill(journal, 1)
    journal.clear()
    journal.close()
    journal = opened(tmp_path)
    assert journal.read(0, 10) == ([], 0)
    journal.close()
