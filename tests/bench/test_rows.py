import os
import time
from pathlib import Path

import pytest

from bench import machine
from bench.generators import Bundled
from bench.rows import Tables, rows
from bench.traffic import CHANGED, FLAGS, Shape
from bench.workloads import SMALL
from tests.services.schema import create_sqlite_tables

pytestmark = pytest.mark.process


@pytest.fixture
def tables(tmp_path: Path) -> Tables:
    create_sqlite_tables(tmp_path / "tables.sqlite3")
    return Tables(tmp_path / "tables.sqlite3", None)


def test_cpu_time_is_what_the_process_itself_says():
    before, own = machine.cpu_seconds(os.getpid()), time.process_time()
    while time.process_time() - own < 0.05:
        pass
    passed = machine.cpu_seconds(os.getpid()) - before

    assert 0.05 <= passed < 0.1


def test_a_route_is_set_against_bare_bytes_of_its_own_size(tables, tmp_path):
    measured = list(
        rows(
            SMALL,
            (FLAGS, CHANGED),
            store="sqlite",
            tables=tables,
            folder=tmp_path,
            generator=Bundled(),
            seconds=0.2,
            rounds=3,
        )
    )

    assert [one.route for one in measured] == [FLAGS.name, CHANGED.name]
    for one in measured:
        assert one.ratio == pytest.approx(one.bare_us / one.cpu_us)
        assert one.body_bytes > 1_000
        assert one.requests_per_second > 0
        assert one.rss_mb > 10
    flags, changed = measured
    assert changed.ratio < flags.ratio


def test_a_route_that_fails_is_no_row(tables, tmp_path):
    missing = Shape(name="missing", path="/api/v1/flags/?feature=nobody")

    with pytest.raises(RuntimeError, match="missing answered 404"):
        list(
            rows(
                SMALL,
                (missing,),
                store="sqlite",
                tables=tables,
                folder=tmp_path,
                generator=Bundled(),
                seconds=0.1,
                rounds=1,
            )
        )
