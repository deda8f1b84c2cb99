"""Errors of the domain: each has a code and a status that one handler in ``api/base`` renders."""

from typing import Any, ClassVar


class DomainError(Exception):
    """Something a caller did that cannot be done.

    ``field`` names the input at fault; ``message`` may use the keyword arguments given. ``shows_code``: clients tell
    what to do next by the code.
    """

    code: ClassVar[str] = "error"
    status: ClassVar[int] = 400
    message: ClassVar[str] = "This cannot be done."
    field: ClassVar[str | None] = None
    shows_code: ClassVar[bool] = False

    def __init__(self, **facts: Any) -> None:
        self.facts = facts
        super().__init__(self.message.format(**facts))


class NotFound(DomainError):
    """An object that is not there, or not there for this caller."""

    code = "not_found"
    status = 404
    message = "No {what} matches the given query."


class Conflict(DomainError):
    code = "conflict"
    status = 409


class WrongItems(DomainError):
    """Something is wrong with items of a list: what, by the position of the item, each under the input at fault."""

    code = "wrong_items"
    message = "Some of the items are wrong."

    def __init__(self, items: list[dict[str, list[str]]]) -> None:
        self.items = items
        super().__init__()
