"""What control says when it has published: `environment_id:epoch:revision` on one channel."""

from typing import Final

from burgee.edge.feed.protocol import Head

CHANNEL: Final = "burgee_published"


def parse_signal(payload: str) -> tuple[int, Head] | None:
    """The environment and its new head; None for anything else."""
    try:
        environment_id, epoch, revision = map(int, payload.split(":"))
    except ValueError:
        return None
    return environment_id, Head(epoch, revision)
