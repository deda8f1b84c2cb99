"""JSONPath as the library reads it, but with patterns that cannot run away."""

import re
from functools import lru_cache
from typing import Any, Final

from iregexp_check import check
from jsonpath_rfc9535 import JSONPathEnvironment, JSONPathError, JSONPathQuery
from jsonpath_rfc9535.function_extensions import ExpressionType, FilterFunction

from burgee.engine.model import Scalar
from burgee.engine.regex import Compiled, bounded
from burgee.engine.values import normalised

FAILURES: Final = (JSONPathError, RecursionError, ValueError, TypeError)


class _Pattern(FilterFunction):
    arg_types = [ExpressionType.VALUE, ExpressionType.VALUE]
    return_type = ExpressionType.LOGICAL

    def __init__(self, *, whole: bool) -> None:
        self._whole = whole

    def __call__(self, text: object, pattern: object) -> bool:
        compiled = _iregexp(pattern) if isinstance(pattern, str) and isinstance(text, str) else None
        if compiled is None:
            return False
        return (compiled.fullmatch(text) if self._whole else compiled.search(text)) is not None


_TOKEN: Final = re.compile(r"\\.|\[(?:\\.|[^\]])*\]|\.", re.DOTALL)


@lru_cache(maxsize=256)
def _iregexp(pattern: str) -> Compiled | None:
    if not check(pattern):
        return None
    # A dot of these patterns leaves out the carriage return too; all else means the same to RE2.
    return bounded(_TOKEN.sub(lambda token: r"[^\n\r]" if token[0] == "." else token[0], pattern))


class _Environment(JSONPathEnvironment):
    def setup_function_extensions(self) -> None:
        super().setup_function_extensions()
        self.function_extensions["match"] = _Pattern(whole=True)
        self.function_extensions["search"] = _Pattern(whole=False)


_environment: Final = _Environment()


@lru_cache(maxsize=1024)
def compiled_path(path: str) -> JSONPathQuery | None:
    """The JSONPath query, or None for what is not one."""
    try:
        return _environment.compile(path)
    except FAILURES:
        return None


def first_value(query: JSONPathQuery, document: dict[str, Any]) -> Scalar:
    """The first match as operators see it; objects, arrays and misses are nothing."""
    try:
        node = query.find_one(document)
    except FAILURES:
        return None
    if node is None or isinstance(node.value, dict | list):
        return None
    return normalised(node.value)
