"""The interpreter set up for a loop that answers in microseconds beside threads that compute for longer."""

import gc
import sys
from typing import Final

SWITCH_SECONDS: Final = 0.0005
"""How long the loop may wait for a thread that computes; Python's own 5 ms would be most of an answer's time."""

COLLECT_AFTER: Final = (10_000, 10, 10)
"""A full collection stops the loop for tens of milliseconds, and what lives here mostly lives for ever.

The first number is above what the requests of one batch of writes hold while they wait: they go by themselves.
"""


def tune() -> None:
    """Call once everything that stays has been made: it is never looked through again."""
    sys.setswitchinterval(SWITCH_SECONDS)
    gc.collect()
    keep()
    gc.set_threshold(*COLLECT_AFTER)


def keep() -> None:
    """What has been made up to now stays, too: a full collection that looked through it would add to an answer's time.

    Without a collection before, which would stop the loop: the little garbage of the moment stays with it.
    """
    gc.freeze()
