import json
import logging

import pytest

from burgee.serve.logs import JsonFormatter


def line_of(message: str, *arguments: object, **facts: object) -> dict[str, object]:
    record = logging.LogRecord("burgee.edge", logging.WARNING, "file.py", 1, message, arguments, None)
    vars(record).update(facts)
    return json.loads(JsonFormatter().format(record))


def test_a_line_is_one_object_with_its_facts():
    line = line_of("environment %d is behind", 7, environment_id=7)
    assert line["message"] == "environment 7 is behind"
    assert (line["level"], line["logger"], line["environment_id"]) == ("WARNING", "burgee.edge", 7)
    assert str(line["time"]).endswith("Z")


def test_an_exception_stays_on_its_line():
    with pytest.raises(ValueError, match="broken") as caught:
        raise ValueError("broken")
    record = logging.LogRecord("burgee", logging.ERROR, "file.py", 1, "failed", (), caught._excinfo)
    text = JsonFormatter().format(record)
    assert "\n" not in text
    assert "ValueError: broken" in json.loads(text)["exception"]


def test_facts_of_any_type_can_be_logged():
    assert "object" in str(line_of("odd", fact=object())["fact"])
