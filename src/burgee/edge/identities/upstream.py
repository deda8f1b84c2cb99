"""Identities of a node that may not write them: patches go to an upstream Burgee, all that wait in one request."""

from collections.abc import Iterator, Sequence
from typing import Final

import httpx
import msgspec
from msgspec import Struct

from burgee.edge import peer
from burgee.edge.identities.group_commit import GroupCommit, Outcome, WriterLimits
from burgee.edge.identities.protocol import (
    Applied,
    DurableTraitsStore,
    IdentityRefused,
    IdentityRow,
    StoreUnavailable,
    Tell,
    TraitError,
    TraitNotInteger,
    TraitPatch,
    TraitRefused,
)

_FORWARDED_AT_ONCE: Final = 1000
_LARGEST_REQUEST: Final = 2**20


class _Missing(TraitError):
    """There is no such identity."""


class _Read(TraitPatch, frozen=True, kw_only=True, tag_field="do", tag="read"):
    """Only asks for the row."""


class _Apply(TraitPatch, frozen=True, kw_only=True, tag_field="do", tag="apply"):
    pass


class _Failure(Struct, frozen=True, kw_only=True):
    """`kind` is unavailable, refused, new, not_integer or missing; `about` its reason or key."""

    kind: str
    about: str = ""
    retry_after: int = 0


class _Answer(Struct, frozen=True, kw_only=True):
    row: IdentityRow | None = None
    failure: _Failure | None = None


_encoder = msgspec.json.Encoder()
_requests = msgspec.json.Decoder(list[_Read | _Apply])
_answers = msgspec.json.Decoder(list[_Answer])


class UpstreamTraits:
    """The TraitsStore of an edge node. It awaits inside httpx: begin `apply` in a task."""

    def __init__(self, upstream: str, token: str, *, limits: WriterLimits | None = None) -> None:
        limits = limits or WriterLimits(batch=_FORWARDED_AT_ONCE)
        self._client = httpx.AsyncClient(
            base_url=upstream,
            headers={"Authorization": peer.authorization(token), "Content-Type": "application/json"},
            timeout=httpx.Timeout(limits.timeout),
        )
        self._commits = GroupCommit(self, limits)

    async def start(self) -> None:
        """The first patch connects."""

    async def close(self) -> None:
        await self._commits.close()
        await self._client.aclose()

    async def apply(self, patch: TraitPatch) -> IdentityRow:
        return await self._commits.apply(patch)

    def submit(self, patch: TraitPatch, tell: Tell[IdentityRow]) -> None:
        self._commits.submit(patch, tell)

    async def apply_many(self, patches: Sequence[TraitPatch]) -> list[Outcome]:
        return await self._commits.apply_many(patches)

    async def read(self, environment_id: int, identifier: str) -> IdentityRow | None:
        try:
            return await self._commits.apply(_Read(environment_id=environment_id, identifier=identifier))
        except (_Missing, TraitRefused):
            return None

    async def write(self, patches: Sequence[TraitPatch]) -> list[Outcome]:
        """Forward a batch; for the group commit."""
        bodies = [_encoded(patch) for patch in patches]
        answers: list[_Answer] = []
        for some in _requests_of([body for body in bodies if body is not None]):
            answers += await self._post(b"[" + b",".join(some) + b"]", len(some))
        refused = TraitRefused("a trait or the identifier is no valid Unicode")
        answered = iter(answers)
        return [refused if body is None else _outcome(next(answered)) for body in bodies]

    async def _post(self, body: bytes, expected: int) -> list[_Answer]:
        try:
            response = await self._client.post(peer.TRAITS_PATH, content=body)
        except httpx.HTTPError as error:
            raise StoreUnavailable(f"the upstream is away: {type(error).__name__}") from error
        if response.status_code != httpx.codes.OK:
            raise StoreUnavailable(f"the upstream answers {response.status_code}")
        try:
            answers = _answers.decode(response.content)
        except msgspec.DecodeError as error:
            raise StoreUnavailable("the upstream's answer cannot be read") from error
        if len(answers) != expected:
            raise StoreUnavailable("the upstream did not answer to every patch")
        return answers


async def handle_forwarded(traits: DurableTraitsStore, body: bytes) -> bytes:
    """The upstream's side: what to answer to a batch. Raises msgspec.DecodeError for what is none."""
    requests = _requests.decode(body)
    patches = [request for request in requests if isinstance(request, _Apply)]
    applied = iter(await traits.apply_many(patches))
    return _encoder.encode(
        [
            _answer(next(applied) if isinstance(request, _Apply) else await _read(traits, request))
            for request in requests
        ]
    )


async def _read(traits: DurableTraitsStore, request: _Read) -> Applied | TraitError:
    try:
        row = await traits.read(request.environment_id, request.identifier)
    except TraitError as error:
        return error
    return _Missing() if row is None else Applied(row=row)


def _requests_of(bodies: Sequence[bytes]) -> Iterator[list[bytes]]:
    """The bodies in slices that an upstream takes as one request."""
    some: list[bytes] = []
    size = 0
    for body in bodies:
        if some and size + len(body) > _LARGEST_REQUEST:
            yield some
            some, size = [], 0
        some.append(body)
        size += len(body) + 1
    if some:
        yield some


def _encoded(patch: TraitPatch) -> bytes | None:
    fields = msgspec.structs.asdict(patch)
    try:
        return _encoder.encode(patch if isinstance(patch, _Read) else _Apply(**fields))
    except UnicodeEncodeError:
        return None


def _answer(outcome: Applied | TraitError) -> _Answer:
    match outcome:
        case Applied(row=row):
            known = {key: row.numbers[key] for key in row.traits if key in row.numbers}
            return _Answer(row=msgspec.structs.replace(row, numbers=known))
        case StoreUnavailable():
            failure = _Failure(kind="unavailable", about=outcome.reason, retry_after=outcome.retry_after)
        case TraitNotInteger():
            failure = _Failure(kind="not_integer", about=outcome.key)
        case IdentityRefused():
            failure = _Failure(kind="new", about=outcome.reason)
        case TraitRefused():
            failure = _Failure(kind="refused", about=outcome.reason)
        case _:
            failure = _Failure(kind="missing")
    return _Answer(failure=failure)


def _outcome(answer: _Answer) -> Outcome:
    if answer.row is not None:
        return answer.row
    failure = answer.failure or _Failure(kind="missing")
    match failure.kind:
        case "unavailable":
            return StoreUnavailable(failure.about, retry_after=failure.retry_after)
        case "not_integer":
            return TraitNotInteger(failure.about)
        case "refused":
            return TraitRefused(failure.about)
        case "new":
            return IdentityRefused(failure.about)
        case _:
            return _Missing()
