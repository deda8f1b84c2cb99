"""What makes searching identifiers quick, engine by engine; Django has no index that all of them could make."""

import logging
from collections.abc import Sequence
from typing import Any, Final

from django.apps.registry import Apps
from django.db import DatabaseError, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models.lookups import IContains
from django.db.models.sql.compiler import SQLCompiler

log = logging.getLogger(__name__)

NAME: Final = "identity_search"

CAPITALS: Final = "identifier_capitals"
"""A column that PostgreSQL alone has and fills: comparing what is written so takes half as long."""

# Read alone, in the order of the list, in place of rows that are mostly traits.
SQLITE: Final = (f"CREATE INDEX {NAME} ON identities_identity (environment_id, id, identifier)",)
# Any three characters in a row find their identities.
POSTGRESQL: Final = (
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    f"CREATE INDEX {NAME} ON identities_identity USING gin (upper(identifier) gin_trgm_ops)",
)
STATEMENTS: Final = {"sqlite": SQLITE, "postgresql": POSTGRESQL}


class IdentifierContains(IContains):
    """``identifier__icontains``, on PostgreSQL by the column in capitals."""

    def process_lhs(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, lhs: Any = None
    ) -> tuple[str, tuple[Any, ...]]:
        if connection.vendor != "postgresql":
            return super().process_lhs(compiler, connection, lhs)
        quote = compiler.quote_name_unless_alias
        # The stubs say a tuple; Django extends what it gets.
        return f"{quote(self.lhs.alias)}.{quote(CAPITALS)}", []  # type: ignore[return-value]


def make(_apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Make the index where there is one for the engine. Without it searches read every identifier."""
    _try(editor, STATEMENTS.get(editor.connection.vendor, ()))


def drop(_apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor in STATEMENTS:
        editor.execute(f"DROP INDEX IF EXISTS {NAME}")


def keep_capitals(_apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Let PostgreSQL keep identifiers in capitals too, and look for them there."""
    if editor.connection.vendor != "postgresql":
        return
    editor.execute(
        f"ALTER TABLE identities_identity ADD COLUMN {CAPITALS} text GENERATED ALWAYS AS (upper(identifier)) STORED"
    )
    drop(_apps, editor)
    _try(editor, [f"CREATE INDEX {NAME} ON identities_identity USING gin ({CAPITALS} gin_trgm_ops)"])


def forget_capitals(_apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "postgresql":
        drop(_apps, editor)
        editor.execute(f"ALTER TABLE identities_identity DROP COLUMN {CAPITALS}")
        make(_apps, editor)


def _try(editor: BaseDatabaseSchemaEditor, statements: Sequence[str]) -> None:
    try:
        with transaction.atomic(using=editor.connection.alias):
            for statement in statements:
                editor.execute(statement)
    except DatabaseError as error:
        # A server without the extension, or a role that may not create it.
        log.warning("identities are searched without an index", extra={"reason": str(error).splitlines()[0]})
