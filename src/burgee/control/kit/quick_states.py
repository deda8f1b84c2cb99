"""Migrations in half the time: a new table makes no model anew that is there already."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db.migrations.state import ModelState, ProjectState


@contextmanager
def quick_states() -> Iterator[None]:
    """Within it, migrations take a new model in as Django itself does at its start, beside those that there are.

    In migrations Django makes all models anew to which the new one is related, directly or not. Here these are nearly
    all, for each table; with an empty database that is most of the time.
    """
    plain = ProjectState.add_model

    def add_model(state: ProjectState, model: ModelState) -> None:
        made = state.__dict__.pop("apps", None)
        plain(state, model)
        if made is not None:
            state.__dict__["apps"] = made
            made.render_multiple([model])

    ProjectState.add_model = add_model  # type: ignore[assignment]
    try:
        yield
    finally:
        ProjectState.add_model = plain  # type: ignore[method-assign]
