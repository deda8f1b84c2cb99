"""A pytest plugin, loaded first: the garbage collector leaves alone what stays to the end.

Thousands of tests and all that they import: looking through them again and again took a quarter of the time.
"""

import gc
from collections.abc import Generator

import pytest

gc.disable()


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, bool | None, bool | None]:
    try:
        return (yield)
    finally:
        gc.enable()
        gc.collect()
        gc.freeze()
