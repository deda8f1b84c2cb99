"""Reading what is published."""

from burgee.control.publishing import heads
from burgee.control.publishing.models import Head, Part
from burgee.wire.snapshot import Delta, decode_part


def snapshot(environment_id: int) -> Delta | None:
    """The current snapshot, complete; None for an environment that has none."""
    head = Head.objects.filter(pk=environment_id, revision__gt=0).first()
    if head is None:
        return None
    digests = heads.digests(environment_id)
    bodies = dict(Part.objects.filter(digest__in=set(digests.values())).values_list("digest", "body"))
    return Delta(
        environment_id=environment_id,
        epoch=head.epoch,
        revision=head.revision,
        parent=None,
        published_at=head.published_at,
        parts={name: decode_part(bodies[digest]) for name, digest in digests.items()},
    )
