"""Strings that a small regular expression of a pack stands for: what people are shown in place of the pattern."""

from __future__ import annotations

import re
from functools import lru_cache

# The parser behind `re`, as in `prefilter.py`. What is not understood here is left out of the string.
from re import _constants as constants  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

_MOST = 8  # alternatives looked at


@lru_cache(maxsize=4096)
def pattern_words(pattern: str) -> tuple[str, ...]:
    """Return a shortest string for each of the first alternatives; what stands around a match is not looked at."""
    try:
        parsed = list(parser.parse(pattern))
    except re.error:
        return ()
    alternatives = parsed[0][1][1] if len(parsed) == 1 and parsed[0][0] is constants.BRANCH else [parsed]
    words = (_shortest(alternative) for alternative in alternatives[:_MOST])
    return tuple(dict.fromkeys(word for word in words if word))


def _shortest(items: Any) -> str:
    return "".join(_of_item(operation, argument) for operation, argument in items)


def _of_item(operation: Any, argument: Any) -> str:
    if operation is constants.LITERAL:
        return chr(argument)
    if operation is constants.IN:
        return _of_class(argument)
    if operation is constants.BRANCH:
        return _shortest(argument[1][0])
    if operation is constants.SUBPATTERN:
        return _shortest(argument[3])
    if operation in (constants.MAX_REPEAT, constants.MIN_REPEAT, constants.POSSESSIVE_REPEAT):
        return _shortest(argument[2]) * int(argument[0])
    return ""


def _of_class(entries: Any) -> str:
    operation, argument = entries[0]
    if operation is constants.LITERAL:
        return chr(argument)
    if operation is constants.RANGE:
        return chr(argument[0])
    return "3" if operation is constants.CATEGORY and argument is constants.CATEGORY_DIGIT else "…"
