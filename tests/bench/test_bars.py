from bench.bars import DASHBOARD_P95_MS, MANAGEMENT_P95_MS, Bar, bars
from bench.dashboard import FIRST_LIST, IN_MATRIX, TYPING
from bench.engines import Comparison
from bench.live import Latency, Live, latency
from bench.management import AUDIT, CLONE, LISTED, SEARCH, TOGGLE, Task, task_of
from bench.rows import Row
from bench.traffic import CHANGED, FLAGS, OFREP
from bench.workloads import LARGE, USUAL


def a_row(**changes) -> Row:
    values = {
        "workload": USUAL.name,
        "store": "sqlite",
        "route": FLAGS.name,
        "body_bytes": 15_000,
        "ratio": 0.9,
        "cpu_us": 8.0,
        "bare_us": 7.2,
        "requests_per_second": 90_000.0,
        "p50_ms": 0.5,
        "p99_ms": 2.0,
        "busy": 0.95,
        "rss_mb": 50.0,
    }
    return Row(**{**values, **changes})


def a_live(**changes) -> Live:
    quick = Latency(1.0, 2.0, 3.0)
    values = {
        "store": "sqlite",
        "changes": 10,
        "missed_reads": 0,
        "write": quick,
        "other_worker": quick,
        "stream": quick,
        "stream_since_sent": quick,
        "cold_start_seconds": 1.0,
        "rss_mb": 90.0,
        "edge_rss_mb": 60.0,
    }
    return Live(**{**values, **changes})


def test_a_bar_is_met_at_its_limit_and_missed_beyond_it():
    assert Bar("least", 0.80, 0.80, at_least=True).met
    assert not Bar("least", 0.79, 0.80, at_least=True).met
    assert Bar("most", 3.0, 3.0, at_least=False).met
    assert not Bar("most", 3.1, 3.0, at_least=False).met


def test_only_the_usual_workload_has_bars_for_routes():
    rows = [a_row(), a_row(workload=LARGE.name), a_row(route=OFREP.name), a_row(route=CHANGED.name, ratio=0.1)]

    assert [(bar.limit, bar.met) for bar in bars(rows, [], [])] == [(0.80, True), (0.18, False)]


def test_the_engine_is_compared_by_how_many_times_faster_it_is():
    one = Comparison("50x20", official=130.0, ours=5.0, with_segments=9.0, one_call=900.0, identities=10)

    [bar] = bars([], [one], [])

    assert (bar.found, bar.met) == (26.0, True)


def test_each_promise_of_a_running_server_is_a_bar():
    slow = Latency(40.0, 120.0, 130.0)
    live = a_live(missed_reads=1, other_worker=slow, stream=slow, cold_start_seconds=3.5, rss_mb=151.0)

    assert [bar.met for bar in bars([], [], [a_live()])] == [True] * 5
    assert [bar.met for bar in bars([], [], [live])] == [False] * 5


def test_a_row_is_generator_bound_when_the_server_had_time_to_spare():
    assert a_row(busy=0.89).generator_bound
    assert not a_row(busy=0.90).generator_bound


def test_latencies_are_told_in_milliseconds_by_their_place_in_order():
    found = latency([number / 1_000 for number in range(200, 0, -1)])

    assert (found.p50_ms, found.p99_ms, found.worst_ms) == (100.5, 199.0, 200.0)


def a_task(**changes) -> Task:
    values = {
        "store": "sqlite",
        "task": TOGGLE,
        "count": 200,
        "p50_ms": 20.0,
        "p95_ms": 39.0,
        "worst_ms": 80.0,
        "cpu_ms": 15.0,
    }
    return Task(**{**values, **changes})


def test_every_task_of_the_management_table_has_a_bar():
    tasks = [a_task(task=task, p95_ms=limit) for task, limit in MANAGEMENT_P95_MS.items()]

    found = bars([], [], [], tasks)

    assert set(MANAGEMENT_P95_MS) == {LISTED, TOGGLE, AUDIT, SEARCH, CLONE}
    assert len(found) == len(tasks) + 1
    assert all(bar.met for bar in found)


def test_a_toggle_that_sdks_do_not_see_misses_a_bar():
    assert [bar.met for bar in bars([], [], [], [a_task(missed=1)])] == [True, False]
    assert [bar.met for bar in bars([], [], [], [a_task(p95_ms=40.5)])] == [False, True]


def test_the_dashboard_has_a_bar_for_the_list_and_for_each_act_in_one_environment_and_in_all():
    tasks = [task_of("sqlite", name, [90.0, 101.0], 0.1) for name in DASHBOARD_P95_MS]

    met = {bar.name: bar.met for bar in bars([], [], [], tasks)}

    assert len(met) == 8
    assert met[f"sqlite: {FIRST_LIST}, p95 ms"]
    assert not met[f"sqlite: {TYPING}{IN_MATRIX}, p95 ms"]
