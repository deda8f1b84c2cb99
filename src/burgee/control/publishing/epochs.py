"""What a database needs once its rows came from another one: proof that they say the same, and an epoch of its own."""

import hashlib
from collections.abc import Callable, Iterable

from django.db import connection

from burgee.control.environments.models import Environment
from burgee.control.publishing import heads
from burgee.control.publishing.models import Epoch
from burgee.control.publishing.parts import build_all
from burgee.control.publishing.services import repair
from burgee.wire.snapshot import digest, encode_part

Watch = Callable[[str, int, int], None]


def documents(watch: Watch) -> dict[str, str]:
    """A digest of everything that SDKs are told, by the id of each living environment."""
    return {str(key): _document(key) for key in _watched("documents", watch)}


def last_epoch() -> int:
    """The epoch of this database; 0 for one that has none."""
    if Epoch._meta.db_table not in connection.introspection.table_names():
        return 0
    return Epoch.objects.order_by("-number").values_list("number", flat=True).first() or 0


def start_anew(*, above: int, watch: Watch) -> None:
    """Draw an epoch higher than `above` and publish every environment in it, so that no edge keeps what it had."""
    heads.epoch_number()
    Epoch.objects.filter(number__lt=above).update(number=above)
    heads.renew_epoch()
    for key in _watched("publishing", watch):
        repair(key)


def _document(environment_id: int) -> str:
    named = sorted((name, digest(encode_part(part))) for name, part in build_all(environment_id).items())
    return hashlib.sha256("\n".join(f"{name} {body}" for name, body in named).encode()).hexdigest()


def _watched(what: str, watch: Watch) -> Iterable[int]:
    keys = list(Environment.objects.living().order_by("id").values_list("pk", flat=True))
    for at, key in enumerate(keys, start=1):
        yield key
        watch(what, at, len(keys))
