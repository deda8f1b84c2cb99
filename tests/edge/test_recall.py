"""The same transient question again: the answer is kept only as long as it holds."""

import asyncio

import pytest

from burgee.edge.app import build
from burgee.edge.handlers import recall as recalling
from burgee.edge.identities.durable import DurableTraits
from burgee.edge.identities.journal import Journal
from burgee.edge.identities.protocol import TraitPatch
from burgee.edge.request import EdgeRequest
from burgee.edge.settings import EdgeSettings
from burgee.edge.store import Store
from tests.edge.parts import CLIENT_KEY, change, complete, flag, override, segment, settings, when
from tests.edge.serving import CountedUsage
from tests.services.databases import SqliteDatabase

BODY = b'{"identifier":"ada","transient":true,"traits":[{"trait_key":"age","trait_value":7}]}'
PARTS = (
    settings(),
    segment(1, when("plan", "EQUAL", "pro")),
    flag(1, "banner", overrides=(override(1, 11, value="for pros"),)),
)


class Question:
    def __init__(self, folder) -> None:
        database = SqliteDatabase(folder / "burgee.db")
        self.store = Store()
        self.store.accept(complete(*PARTS))
        self.traits = DurableTraits(database.traits_store(), Journal(folder / "journal"), local_reads=True)
        self.app = build(EdgeSettings(), self.store, self.traits, CountedUsage())

    async def ask(self, body: bytes = BODY) -> bytes:
        path = b"/api/v1/identities/"
        headers = {b"x-environment-key": CLIENT_KEY.encode(), b"content-type": b"application/json"}
        route, names = self.app.router.resolve(path)
        answer = self.app.answer(route, EdgeRequest(b"POST", path, b"", headers, body, names))
        return (answer if hasattr(answer, "body") else await answer).body


def asking(folder, scenario) -> None:
    async def run() -> None:
        question = Question(folder)
        await question.traits.start()
        try:
            await scenario(question)
        finally:
            await question.traits.close()

    asyncio.run(run())


@pytest.fixture
def evaluations(monkeypatch) -> list[bytes]:
    kept: list[bytes] = []
    keep = recalling.Recall.keep

    def counted(self, view, body, answer) -> None:
        kept.append(body)
        keep(self, view, body, answer)

    monkeypatch.setattr(recalling.Recall, "keep", counted)
    return kept


def test_it_is_evaluated_once(tmp_path, evaluations):
    async def scenario(question: Question) -> None:
        first = await question.ask()
        await asyncio.sleep(0)
        assert await question.ask() == first
        assert await question.ask(BODY.replace(b"7", b"8")) != first

    asking(tmp_path, scenario)
    assert len(evaluations) == 2


def test_a_stored_trait_that_changes_is_heard_of(tmp_path):
    async def scenario(question: Question) -> None:
        assert b"for pros" not in await question.ask()
        await question.traits.apply(TraitPatch(environment_id=2, identifier="ada", set={"plan": "pro"}))
        assert b"for pros" in await question.ask()
        await question.traits.apply(TraitPatch(environment_id=2, identifier="ada", delete=("plan",)))
        assert b"for pros" not in await question.ask()

    asking(tmp_path, scenario)


def test_a_new_revision_is_heard_of(tmp_path):
    async def scenario(question: Question) -> None:
        await question.ask()
        question.store.accept(change(2, flag(1, "renamed")))
        assert b"renamed" in await question.ask()

    asking(tmp_path, scenario)


def test_what_is_kept_is_bounded(tmp_path, monkeypatch, evaluations):
    monkeypatch.setattr(recalling, "_QUESTIONS", 2)

    async def scenario(question: Question) -> None:
        for body in (BODY, BODY.replace(b"7", b"8"), BODY.replace(b"7", b"9"), BODY):
            await question.ask(body)

    asking(tmp_path, scenario)
    assert len(evaluations) == 4
