"""Records the answers of a running server into the files of contract/: `python -m tests.contract.recording`.

For whoever adds an exchange: write what is asked, run this, and read the difference before it is committed.
"""

import json
import re
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any

from tests.clients.burgee import Burgee
from tests.contract.exchanges import DATE, SEED, UUID, Exchange, Names, answer_of, keep, read, send, stories

NUMBERED = frozenset(
    [
        "id",
        "environment",
        "project",
        "organisation",
        "segment",
        "identity",
        "feature",
        "feature_segment",
        "user",
        "django_id",
        "tags",
        "version_of",
    ]
)
RANDOM = re.compile("[0-9a-f]{32}")
SECRET = "key"
LONGEST_NAME = 15
"""Of what the stories name themselves; keys and tokens are longer."""


def masked(value: Any, names: Names, key: str = "") -> Any:
    """The answer without what differs from run to run."""
    if isinstance(value, dict):
        return {name: masked(one, names, name) for name, one in value.items()}
    if isinstance(value, list):
        return [masked(one, names, key) for one in value]
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int):
        return "<integer>" if key in NUMBERED else value
    if not isinstance(value, str):
        return value
    return _masked_text(value, names, key)


def _masked_text(text: str, names: Names, key: str) -> str:
    if key == "identifier" and RANDOM.fullmatch(text):
        return "<text>"
    if UUID.fullmatch(text):
        return "<uuid>"
    if DATE.fullmatch(text):
        return "<date>"
    if key == SECRET and len(text) > LONGEST_NAME:
        return "<text>"
    for name, known in names.items():
        if isinstance(known, str) and len(known) > LONGEST_NAME:
            text = text.replace(known, f"{{{name}}}")
    return text


def record(server: Burgee, story: list[Exchange], names: Names) -> None:
    for exchange in story:
        response = send(server.http, exchange, names)
        answer = answer_of(response)
        try:
            keep(exchange, answer, names)
        except LookupError:
            raise SystemExit(f"{exchange['name']}: {response.status_code} {response.text}") from None
        exchange["status"] = response.status_code
        exchange["answer"] = masked(answer, names)
        for name in exchange.get("answer_headers", {}):
            exchange["answer_headers"][name] = masked(response.headers.get(name), names)


def record_all() -> None:
    with tempfile.TemporaryDirectory() as folder:
        server = Burgee(Path(folder))
        with closing(server.http):
            try:
                server.start()
                names: Names = {"server": server.url}
                for path in [SEED, *(path for path in stories() if path != SEED)]:
                    story = read(path)
                    known = names if path == SEED else dict(names)
                    record(server, story, known)
                    path.write_text(json.dumps({"exchanges": story}, indent=1) + "\n", encoding="utf-8")
            finally:
                server.kill()


if __name__ == "__main__":
    record_all()
