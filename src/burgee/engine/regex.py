"""Stored patterns as predicates that take time in proportion to the text, whatever the pattern."""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final, TypeAlias

import re2

from burgee.engine.translation import translate

MAX_MEMORY: Final = 4 * 1024 * 1024
"""Bytes that one compiled pattern may take, its cache of states included."""

_NO_SPAN: Final = (-1, -1)
_ANCHOR: Final = re2._Anchor.ANCHOR_START  # noqa: SLF001  # the public match() costs seven times as much
_MARKED: Final = re.compile(r"_|[^\W\x00-\x7f]")

Matches = Callable[[str], bool]
Compiled: TypeAlias = re2._Regexp  # noqa: SLF001  # the class has no public name


def check_pattern(pattern: str) -> str | None:
    """Why `pattern` cannot be used in a condition, as a sentence, or None if it can."""
    translation = translate(pattern)
    return translation.refusal or (None if bounded(translation.pattern) else "The pattern is too large.")


@lru_cache(maxsize=2048)
def matcher(pattern: str) -> Matches | None:
    """`re.match` as a predicate, or None where `check_pattern` objects. Raises what encoding UTF-8 raises."""
    translation = translate(pattern)
    compiled = None if translation.refusal else bounded(translation.pattern)
    if compiled is None:
        return None
    match = compiled._regexp.Match  # noqa: SLF001  # as above
    required = translation.required

    def matches(text: str) -> bool:
        if required not in text:
            return False
        encoded = text.encode()
        return bool(match(_ANCHOR, encoded, 0, len(encoded))[0] != _NO_SPAN)

    def matches_marked(text: str) -> bool:
        encoded = _MARKED.sub(r"_\g<0>_", text).encode()
        return bool(match(_ANCHOR, encoded, 0, len(encoded))[0] != _NO_SPAN)

    return matches_marked if translation.marked else matches


def bounded(pattern: str) -> Compiled | None:
    """The RE2 pattern compiled within `MAX_MEMORY`, or None."""
    options = re2.Options()
    options.max_mem = MAX_MEMORY
    options.log_errors = False
    options.never_capture = True
    try:
        return re2._Regexp(pattern, options)  # noqa: SLF001  # without the unbounded cache in front
    except (re2.error, UnicodeEncodeError):
        return None
