from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from burgee.edge.settings import EdgeSettings
from tests.edge.parts import complete
from tests.edge.serving import Edge, serving

Serve = Callable[..., Edge]


@pytest.fixture(params=[True, False], ids=["short way", "asgi"])
def serve(request: pytest.FixtureRequest) -> Iterator[Serve]:
    """Serves an environment made of the given parts, once by the short way and once by plain ASGI."""
    with ExitStack() as stack:

        def start(*parts, of: EdgeSettings | None = None, **more) -> Edge:
            deltas = (complete(*parts),) if parts else ()
            return stack.enter_context(serving(*deltas, short_way=request.param, settings=of, **more))

        yield start
