"""What makes searching identifiers quick, engine by engine; Django has no index that all of them could make."""

import logging
from typing import Any, Final

from django.apps.registry import Apps
from django.db import DatabaseError, transaction
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

log = logging.getLogger(__name__)

NAME: Final = "identity_search"

# Read alone, in the order of the list, in place of rows that are mostly traits.
SQLITE: Final = (f"CREATE INDEX {NAME} ON identities_identity (environment_id, id, identifier)",)
# Any three characters in a row find their identities; the expression is that of Django's `icontains`.
POSTGRESQL: Final = (
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    f"CREATE INDEX {NAME} ON identities_identity USING gin (upper(identifier) gin_trgm_ops)",
)
STATEMENTS: Final = {"sqlite": SQLITE, "postgresql": POSTGRESQL}


def make(_apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Make the index where there is one for the engine. Without it searches read every identifier."""
    alias = editor.connection.alias
    try:
        with transaction.atomic(using=alias):
            for statement in STATEMENTS.get(editor.connection.vendor, ()):
                editor.execute(statement)
    except DatabaseError as error:
        # A server without the extension, or a role that may not create it.
        log.warning("identities are searched without an index", extra={"reason": str(error).splitlines()[0]})


def drop(_apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor in STATEMENTS:
        editor.execute(f"DROP INDEX IF EXISTS {NAME}")
