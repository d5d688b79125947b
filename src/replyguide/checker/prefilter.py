"""Which strings a text must hold for a regular expression to match it at all.

The packs bring hundreds of small patterns. Most are ruled out by one pass for the strings they require, before the
regular expression engine is asked or the pattern is even compiled.
"""

from __future__ import annotations

import re

# The parser behind `re`. What it yields and is not understood here only costs speed: such a pattern is always tried.
from re import _constants as constants  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

Required = frozenset[str] | None
_LARGEST_SET = 80
# Characters that a fifth of the dev replies or more hold (counted), and how many others one of them is worth.
_COMMON = frozenset("的您亲哦好不我一是就呢这们了以下有给可单到")
_IN_EVERY_REPLY = 10.0


class Requirements:
    """What patterns require, worked out once: parsing a pattern costs as much as compiling it."""

    def __init__(self, known: dict[str, list[str] | None] | None = None) -> None:
        self._known: dict[str, Required] = {
            pattern: frozenset(strings) if strings is not None else None
            for pattern, strings in (known if known is not None else {}).items()
        }

    def of(self, pattern: str) -> Required:
        """Return the strings of which at least one is in every match of `pattern`, `None` if none can be told."""
        if pattern not in self._known:
            self._known[pattern] = required_strings(pattern)
        return self._known[pattern]

    def as_json(self) -> dict[str, list[str] | None]:
        """Return everything known, to be given to the constructor of a later process."""
        return {
            pattern: sorted(required) if required is not None else None for pattern, required in self._known.items()
        }


def required_strings(pattern: str) -> Required:
    """Work out what `pattern` requires; `re.error` if it is no regular expression."""
    parsed = parser.parse(pattern)
    return None if parsed.state.flags & re.IGNORECASE else _of_sequence(parsed)


def _of_sequence(items: Any) -> Required:
    """Every item of a sequence must match, so the most telling one will do."""
    found: list[frozenset[str]] = []
    literal = ""
    for operation, argument in items:
        if operation is constants.LITERAL:
            literal += chr(argument)
            continue
        if literal:
            found.append(frozenset({literal}))
            literal = ""
        required = _of_item(operation, argument)
        if required is not None:
            found.append(required)
    if literal:
        found.append(frozenset({literal}))
    return min(found, key=_cost) if found else None


def _of_item(operation: Any, argument: Any) -> Required:
    if operation is constants.IN:
        return _of_class(argument)
    if operation is constants.BRANCH:
        return _of_branches(argument[1])
    if operation is constants.SUBPATTERN:
        return _of_sequence(argument[3])
    if operation is constants.ATOMIC_GROUP:
        return _of_sequence(argument)
    repeats = (constants.MAX_REPEAT, constants.MIN_REPEAT, constants.POSSESSIVE_REPEAT)
    if operation in repeats and argument[0] > 0:
        return _of_sequence(argument[2])
    return None


def _of_branches(branches: Any) -> Required:
    union: frozenset[str] = frozenset()
    for branch in branches:
        required = _of_sequence(branch)
        if required is None:
            return None
        union |= required
    return union


def _of_class(entries: Any) -> Required:
    characters: set[str] = set()
    for operation, argument in entries:
        if operation is constants.LITERAL:
            characters.add(chr(argument))
        elif operation is constants.RANGE and argument[1] - argument[0] < _LARGEST_SET:
            characters.update(map(chr, range(argument[0], argument[1] + 1)))
        else:
            return None  # negated, a category such as digits, or too wide a range to tell anything
    return frozenset(characters)


def _cost(required: frozenset[str]) -> float:
    """Guess how often a set of strings is met: a common character in every reply, a longer string hardly ever."""
    return sum(_cost_of(string) for string in required)


def _cost_of(string: str) -> float:
    if len(string) > 1:
        return 0.1 ** min(len(string) - 1, 2)
    return _IN_EVERY_REPLY if string in _COMMON else 1.0
