"""The real server, as people run it: how soon a change is seen, what a long list does to flags, how it starts."""

import statistics
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

from msgspec import Struct

from bench import machine
from bench.deployment import LOST_SECONDS, PAUSE, Client, Shop, Stream, running, set_up
from bench.generators import Generator

STARTS: Final = 3
LISTING_SECONDS: Final = 4.0
_CREATORS: Final = 4


class Latency(Struct, frozen=True):
    p50_ms: float
    p99_ms: float
    worst_ms: float

    def __str__(self) -> str:
        return f"p50 {self.p50_ms:.2f}  p99 {self.p99_ms:.2f}  worst {self.worst_ms:.2f} ms"


class Live(Struct, frozen=True, kw_only=True):
    """`write` is the whole management request; the other times begin with its answer unless they say otherwise."""

    store: str
    changes: int
    missed_reads: int
    write: Latency
    other_worker: Latency
    stream: Latency
    stream_since_sent: Latency
    cold_start_seconds: float
    rss_mb: float
    edge_rss_mb: float
    rss_after_lists_mb: float = 0.0
    flags_quiet: Latency | None = None
    flags_while_listing: Latency | None = None
    listed_features: int = 0
    lists_per_second: float = 0.0

    def lines(self) -> Iterator[tuple[str, str]]:
        yield f"{self.changes} changes, each an API request", str(self.write)
        yield "next reads in the same process that missed one", str(self.missed_reads)
        yield "seen by another worker, after the answer to the change", str(self.other_worker)
        yield "told to a stream, after the answer to the change", str(self.stream)
        yield "told to a stream, after the change was sent", str(self.stream_since_sent)
        if self.flags_quiet is not None and self.flags_while_listing is not None:
            yield "GET /flags/, server otherwise idle", str(self.flags_quiet)
            yield f"GET /flags/ while someone lists {self.listed_features:,} features", str(self.flags_while_listing)
            yield "lists per second meanwhile", f"{self.lists_per_second:.1f}"
        yield f"cold start to the first answer, median of {STARTS}", f"{self.cold_start_seconds:.2f} s"
        yield "memory of burgee up / burgee edge after the changes", f"{self.rss_mb:.0f} / {self.edge_rss_mb:.0f} MB"
        if self.listed_features:
            yield "memory of burgee up after the lists", f"{self.rss_after_lists_mb:.0f} MB"


def latency(seconds: Sequence[float]) -> Latency:
    ordered = sorted(one * 1e3 for one in seconds)
    place = min(len(ordered) - 1, int(len(ordered) * 0.99))
    return Latency(statistics.median(ordered), ordered[place], ordered[-1])


class Seen(Struct):
    """Seconds, change by change."""

    missed_reads: int = 0
    write: list[float] = []
    other_worker: list[float] = []
    stream: list[float] = []
    stream_since_sent: list[float] = []


def watch_changes(shop: Shop, port: int, other_port: int, changes: int) -> Seen:
    """Change the flag's value again and again, and look for each value everywhere."""
    api, here, there = shop.api(port), shop.sdk(port), shop.sdk(other_port)
    stream = Stream(port, shop)
    if not stream.opened.wait(LOST_SECONDS):
        raise RuntimeError("the stream did not open")
    seen = Seen()
    for number in range(-5, changes):
        value = f"value-{number}-"
        sent = time.perf_counter()
        api.call("PATCH", shop.state_path, {"feature_state_value": value, "enabled": True})
        answered = time.perf_counter()
        missed = value.encode() not in here.raw("GET", "/api/v1/flags/")[1]
        late = _until_seen(there, value.encode(), answered)
        heard = stream.first_since(sent)
        if number < 0:
            continue
        seen.missed_reads += missed
        seen.write.append(answered - sent)
        seen.other_worker.append(late)
        seen.stream.append(LOST_SECONDS if heard is None else max(0.0, heard - answered))
        seen.stream_since_sent.append(LOST_SECONDS if heard is None else heard - sent)
    stream.close()
    return seen


def _until_seen(client: Client, value: bytes, since: float) -> float:
    """Seconds until the client reads the value, from `since`; both ends of the reading that brought it count."""
    while time.perf_counter() - since < LOST_SECONDS:
        if value in client.raw("GET", "/api/v1/flags/")[1]:
            return time.perf_counter() - since
        time.sleep(0.0005)
    return LOST_SECONDS


def make_features(shop: Shop, port: int, count: int) -> str:
    """A project with that many features and, once they are there, an environment; the path that lists them."""
    clients = [shop.api(port) for _ in range(_CREATORS)]
    project = clients[0].call("POST", "/api/v1/projects/", {"name": "Large", "organisation": shop.organisation_id})[
        "id"
    ]

    def make(worker: int) -> None:
        for number in range(worker, count, _CREATORS):
            body = {"name": f"listed_{number}", "initial_value": f"value {number}", "description": "One of many"}
            clients[worker].call("POST", f"/api/v1/projects/{project}/features/", body)

    with ThreadPoolExecutor(_CREATORS) as pool:
        list(pool.map(make, range(_CREATORS)))
    environment = clients[0].call("POST", "/api/v1/environments/", {"name": "Production", "project": project})["id"]
    return f"/api/v1/projects/{project}/features/?page_size=999&environment={environment}"


def read_flags(client: Client, seconds: float) -> list[float]:
    """How long each read took; a little pause between them, so that the reader is no load test."""
    found = []
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        begun = time.perf_counter()
        client.raw("GET", "/api/v1/flags/")
        found.append(time.perf_counter() - begun)
        time.sleep(PAUSE)
    return found


def list_features(shop: Shop, port: int, path: str, load: Generator) -> float:
    """List the features on one connection, again and again; how many lists a second."""
    text = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Token {shop.token}\r\n\r\n"
    burst = load.load(port, [text], connections=1, seconds=LISTING_SECONDS, first=0)
    if burst.failed:
        raise RuntimeError("features could not be listed")
    return burst.requests / burst.seconds


class Listing(Struct, frozen=True):
    quiet: Latency
    meanwhile: Latency
    lists_per_second: float


def watch_listing(shop: Shop, port: int, count: int, load: Generator) -> Listing:
    path = make_features(shop, port, count)
    sdk = shop.sdk(port)
    quiet = read_flags(sdk, LISTING_SECONDS / 2)
    with ThreadPoolExecutor(1) as pool:
        listing = pool.submit(list_features, shop, port, path, load)
        time.sleep(PAUSE)
        meanwhile = read_flags(sdk, LISTING_SECONDS - 0.5)
        return Listing(latency(quiet), latency(meanwhile), listing.result())


def measure(
    store: str, database_url: str | None, *, folder: Path, load: Generator, changes: int, listed_features: int
) -> Live:
    """Start the server, use it, and start it again."""
    database = {} if database_url is None else {"DATABASE_URL": database_url}
    with running("up", folder, database, "/health/readiness/", {}) as server:
        shop = set_up(server.port)
        beside = database or {"BURGEE_UPSTREAM_URL": f"http://127.0.0.1:{server.port}"}
        with running("edge", folder, beside, "/api/v1/flags/", {"X-Environment-Key": shop.client_key}) as other:
            seen = watch_changes(shop, server.port, other.port, changes)
            rss, edge_rss = (machine.rss_megabytes(one.process.pid) for one in (server, other))
            listing = watch_listing(shop, server.port, listed_features, load) if listed_features else None
            rss_after_lists = machine.rss_megabytes(server.process.pid)
    return Live(
        store=store,
        changes=changes,
        missed_reads=seen.missed_reads,
        write=latency(seen.write),
        other_worker=latency(seen.other_worker),
        stream=latency(seen.stream),
        stream_since_sent=latency(seen.stream_since_sent),
        cold_start_seconds=cold_start(folder, database, shop),
        rss_mb=rss,
        edge_rss_mb=edge_rss,
        rss_after_lists_mb=rss_after_lists,
        flags_quiet=listing.quiet if listing else None,
        flags_while_listing=listing.meanwhile if listing else None,
        listed_features=listed_features,
        lists_per_second=listing.lists_per_second if listing else 0.0,
    )


def cold_start(folder: Path, database: dict[str, str], shop: Shop) -> float:
    """Seconds from the command to the first flags, with the database there."""
    found = []
    for _ in range(STARTS):
        headers = {"X-Environment-Key": shop.client_key}
        with running("up", folder, database, "/api/v1/flags/", headers) as server:
            found.append(server.started_in)
    return statistics.median(found)
