from itertools import count
from typing import Any

from burgee.control.environments.models import Environment
from burgee.control.identities.models import Identity, identity_lookup
from tests.factories.environments import an_environment

_numbers = count(1)


def an_identity(
    environment: Environment | None = None, identifier: str | None = None, traits: dict[str, Any] | None = None
) -> Identity:
    environment = environment or an_environment()
    identifier = identifier or f"identity-{next(_numbers)}"
    return Identity.objects.create(
        environment_id=environment.pk,
        identifier=identifier,
        lookup=identity_lookup(environment.pk, identifier),
        traits=traits or {},
    )
