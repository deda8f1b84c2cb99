import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "burgee"
LONGEST_FILE = 300
LONGEST_TEST_FILE = 400
LONGEST_FUNCTION = 40
LONGEST_CONFTEST = 100
VAGUE = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "managers", "base_utils", "shared", "tools"}


def python_files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*.py")) if "migrations" not in path.parts)


def shown(path: Path) -> str:
    return str(path.relative_to(ROOT))


def lines_of(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def functions_of(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def statement_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


@pytest.mark.parametrize(
    ("folder", "most"), [("src", LONGEST_FILE), ("bench", LONGEST_FILE), ("tests", LONGEST_TEST_FILE)]
)
def test_files_are_short(folder: str, most: int):
    long = {shown(path): lines_of(path) for path in python_files(ROOT / folder) if lines_of(path) > most}
    assert long == {}


def test_functions_are_short():
    long = {
        f"{shown(path)}:{function.lineno} {function.name}": statement_lines(function)
        for path in python_files(ROOT / "src")
        for function in functions_of(path)
        if statement_lines(function) > LONGEST_FUNCTION
    }
    assert long == {}


def test_every_conftest_is_short():
    long = [shown(path) for path in (ROOT / "tests").rglob("conftest.py") if lines_of(path) > LONGEST_CONFTEST]
    assert long == []


def test_modules_are_named_for_what_they_hold():
    vague = [
        shown(path)
        for path in SOURCE.rglob("*")
        if path.stem.lower() in VAGUE and (path.suffix == ".py" or (path.is_dir() and path.name != "__pycache__"))
    ]
    assert vague == []


def test_no_model_overrides_save_and_nothing_listens_to_signals():
    offenders = [
        f"{shown(path)}:{function.lineno} {function.name}"
        for path in python_files(SOURCE / "control")
        for function in functions_of(path)
        if path.stem == "models" and function.name in {"save", "delete"} and _is_model_method(path, function)
    ]
    listeners = [shown(path) for path in python_files(SOURCE) if "django.db.models.signals" in path.read_text()]
    assert offenders + listeners == []


def _is_model_method(path: Path, function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Querysets may have a method of that name; a class with fields may not."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return any(
        function.name in {item.name for item in node.body if isinstance(item, ast.FunctionDef)}
        and any(isinstance(item, ast.Assign | ast.AnnAssign) and "models." in ast.unparse(item) for item in node.body)
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
    )


def test_only_the_settings_reader_reads_the_environment():
    readers = []
    for path in python_files(SOURCE):
        if SOURCE / "settings_reader" in path.parents:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            read = (
                isinstance(node, ast.Attribute)
                and node.attr in {"environ", "getenv"}
                and ast.unparse(node.value) == "os"
            )
            if read and ".setdefault('DJANGO_SETTINGS_MODULE'" not in ast.unparse(_statement(path, node.lineno)):
                readers.append(f"{shown(path)}:{node.lineno}")
    assert readers == []


def _statement(path: Path, line: int) -> ast.stmt:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    statements = [node for node in ast.walk(tree) if isinstance(node, ast.stmt) and node.lineno == line]
    return statements[-1]


def test_nothing_is_left_undone():
    marks = ("TO" + "DO", "FIX" + "ME", "XX" + "X:")
    found = [
        f"{shown(path)}:{number}"
        for folder in ("src", "tests", "bench")
        for path in python_files(ROOT / folder)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if any(mark in line for mark in marks)
    ]
    assert found == []
