import re
from pathlib import Path

import pytest

from burgee.cli.catalogue import settings_structs

ROOT = Path(__file__).resolve().parents[2]


def test_the_page_of_the_guide_is_the_table_of_the_code(burgee):
    answer = burgee("settings", "--markdown")
    assert answer.returncode == 0, answer.stderr
    page = (ROOT / "docs" / "guide" / "settings.md").read_text(encoding="utf-8")
    assert page == answer.stdout, "run make settings"


def test_every_struct_of_settings_is_in_the_list():
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "src" / "burgee").rglob("*.py")]
    declared = {name for text in sources for name in re.findall(r"^class (\w+Settings)\(Struct", text, re.MULTILINE)}
    assert declared == {struct.__name__ for struct in settings_structs()}


def test_every_setting_is_listed_with_default_and_meaning(burgee):
    answer = burgee("settings")
    assert answer.returncode == 0
    assert "BURGEE_DATA_DIR" in answer.stdout
    assert "default: 8000" in answer.stdout
    assert "Secret keys, newest first" in answer.stdout


@pytest.mark.parametrize("command", ["up", "edge", "control", "worker", "migrate"])
def test_a_mistyped_setting_stops_every_start(burgee, command):
    answer = burgee(command, BURGEE_DATA_DRI="x")
    assert answer.returncode == 2
    assert "BURGEE_DATA_DRI is not a setting of Burgee. Did you mean BURGEE_DATA_DIR?" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_wrong_settings_of_all_planes_are_told_together(burgee, environ):
    answer = burgee("up", PORT="http", BURGEE_SDK_BODY_LIMIT="0", DATABASE_URL="postgres://ada:hunter2@db", DEBUG="?")
    assert answer.returncode == 2
    assert "PORT='http' is wrong." in answer.stderr
    assert "BURGEE_SDK_BODY_LIMIT='0' is wrong." in answer.stderr
    assert "it names no database" in answer.stderr
    assert "DEBUG='?' is wrong." in answer.stderr
    assert "hunter2" not in answer.stderr
    assert not Path(environ["BURGEE_DATA_DIR"]).exists()
