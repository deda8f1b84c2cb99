"""Adds one step to the build that pyproject.toml describes: a wheel carries the built dashboard."""

import subprocess
import sys
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

DASHBOARD = Path(__file__).resolve().parent / "dashboard" / "build.py"


class BuildWithDashboard(build_py):
    def run(self) -> None:
        # A source distribution carries the built files instead of the sources.
        if DASHBOARD.is_file() and not self.editable_mode:
            subprocess.run([sys.executable, DASHBOARD, "--optional"], check=True)  # noqa: S603  # our own script
        super().run()


setup(cmdclass={"build_py": BuildWithDashboard})
