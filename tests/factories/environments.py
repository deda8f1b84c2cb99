from itertools import count

from burgee.control.environments.models import Environment, ServerKey, environment_key
from burgee.control.features.models import Feature
from burgee.control.kit.digests import sha256_hex
from burgee.control.kit.ids import server_key, short_uuid
from burgee.control.kit.secrets import encrypt
from burgee.control.projects.models import Project
from burgee.control.targeting.flags import NewFlag, open_flags, opening_state, options_of
from tests.factories.projects import a_project

_numbers = count(1)


def an_environment(project: Project | None = None, **fields) -> Environment:
    """An environment with a default state for each living feature of its project."""
    project = project or a_project()
    name = fields.pop("name", None) or f"Environment {next(_numbers)}"
    api_key = fields.pop("api_key", None) or short_uuid()
    environment = Environment.objects.create(
        project=project,
        name=name,
        live_key=environment_key(project.pk, name),
        api_key=api_key,
        key_digest=sha256_hex(api_key),
        **fields,
    )
    features = list(Feature.objects.living().filter(project=project).select_related("project").order_by("id"))
    options = options_of([feature.pk for feature in features])
    open_flags(
        [
            NewFlag(
                environment=environment,
                feature=feature,
                default=opening_state(feature, options.get(feature.pk, ())),
            )
            for feature in features
        ]
    )
    return environment


def a_server_key(environment: Environment, **fields) -> tuple[ServerKey, str]:
    """A server-side key and its secret."""
    secret = fields.pop("secret", None) or server_key()
    row = ServerKey.objects.create(
        environment=environment,
        name=fields.pop("name", "server"),
        digest=sha256_hex(secret),
        ciphertext=encrypt(secret),
        **fields,
    )
    return row, secret
