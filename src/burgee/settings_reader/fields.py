"""What the fields of a settings struct declare: their variables, their type, their default."""

import types
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import msgspec
from msgspec import NODEFAULT, Struct

TRUE = frozenset({"true", "t", "yes", "y", "on", "1"})
FALSE = frozenset({"false", "f", "no", "n", "off", "0"})


class Var:
    """The variables of a field, by precedence; the first name is the one the documentation uses."""

    __slots__ = ("about", "ge", "le", "names", "secret")

    def __init__(
        self, *names: str, about: str = "", secret: bool = False, ge: float | None = None, le: float | None = None
    ) -> None:
        self.names = names
        self.about = about
        self.secret = secret
        self.ge = ge
        self.le = le


class Field(Struct, frozen=True):
    """A field as declared; ``kind`` is its type without Annotated and without None."""

    name: str
    kind: Any
    var: Var
    default: Any
    limits: msgspec.Meta

    @property
    def expected(self) -> str:
        """What a value must look like, as the end of a sentence that starts with 'Set it to'."""
        if get_origin(self.kind) is Literal:
            return "one of " + ", ".join(str(choice) for choice in get_args(self.kind))
        if get_origin(self.kind) in {list, tuple}:
            return "a comma-separated list"
        words = {bool: "true or false", int: "a whole number", float: "a number", Path: "a path"}
        return words.get(self.kind, "a text") + self._span()

    def _span(self) -> str:
        low, high = self.limits.ge, self.limits.le
        if self.limits.gt is not None:
            return f" above {self.limits.gt}"
        if low is not None and high is not None:
            return f" from {low} to {high}"
        if low is not None:
            return f" of at least {low}"
        return "" if high is None else f" of at most {high}"

    def parse(self, text: str) -> Any:
        """The value of the field's type; ValueError when the text is none."""
        if get_origin(self.kind) is Literal:
            return _choice(get_args(self.kind), text)
        if get_origin(self.kind) in {list, tuple}:
            items = [item.strip() for item in text.split(",") if item.strip()]
            return get_origin(self.kind)(items)
        value = _boolean(text) if self.kind is bool else self.kind(text)
        return msgspec.convert(value, Annotated[self.kind, self.limits])


def fields_of(struct_type: type[Struct]) -> Iterator[Field]:
    hints = get_type_hints(struct_type, include_extras=True)
    for info in msgspec.structs.fields(struct_type):
        hint = hints[info.name]
        if get_origin(hint) is not Annotated:
            raise TypeError(f"{struct_type.__name__}.{info.name} declares no variable")
        kind, *marks = get_args(hint)
        var = next(mark for mark in marks if isinstance(mark, Var))
        limits = next((mark for mark in marks if isinstance(mark, msgspec.Meta)), msgspec.Meta(ge=var.ge, le=var.le))
        default = info.default if info.default_factory is NODEFAULT else info.default_factory()
        yield Field(info.name, _without_none(kind), var, default, limits)


def _without_none(kind: Any) -> Any:
    if get_origin(kind) not in {Union, types.UnionType}:
        return kind
    (only,) = (arm for arm in get_args(kind) if arm is not type(None))
    return only


def _choice(choices: tuple[Any, ...], text: str) -> Any:
    for choice in choices:
        if str(choice).lower() == text.lower():
            return choice
    raise ValueError(text)


def _boolean(text: str) -> bool:
    word = text.lower()
    if word in TRUE:
        return True
    if word in FALSE:
        return False
    raise ValueError(text)
