import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_every_import_follows_the_arrows():
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"]
    answer = subprocess.run([*command, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stdout + answer.stderr


def test_the_data_plane_runs_without_django():
    program = (
        "import sys, pkgutil, importlib, burgee.edge\n"
        "for found in pkgutil.walk_packages(burgee.edge.__path__, 'burgee.edge.'):\n"
        "    importlib.import_module(found.name)\n"
        "sys.exit(' '.join(name for name in sys.modules if name.split('.')[0] in {'django', 'rest_framework'}) or 0)\n"
    )
    answer = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
