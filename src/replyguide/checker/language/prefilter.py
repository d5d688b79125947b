"""Which strings a text must hold for a regular expression to match it at all.

The packs bring hundreds of small patterns. Most are ruled out by one pass for the strings they require, before the
regular expression engine is asked or the pattern is even compiled.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

# The parser behind `re`. What it yields and is not understood here only costs speed: such a pattern is always tried.
from re import _constants as constants  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any, NamedTuple

from replyguide.checker.language.openings import characters_of, opening_of, with_opening

_Strings = frozenset[str] | None
#: One way to match a pattern: of each of its groups (one or two) at least one string is in every such match.
Way = Sequence[Collection[str]]
_MOST_COSTLY_SECOND = 12.0  # a second group that nearly every reply holds a string of rules nothing out
# Characters that a fifth of the dev replies or more hold (counted), and how many others one of them is worth.
_COMMON = frozenset("的您亲哦好不我一是就呢这们了以下有给可单到")
_IN_EVERY_REPLY = 10.0


class Required(NamedTuple):
    """What one pattern requires: `ways` to match it and the `opening` of a match, each `None` if it is not told."""

    ways: Sequence[Way] | None
    opening: str | None


class Requirements:
    """What patterns require, worked out once: parsing a pattern costs as much as compiling it."""

    def __init__(self, known: Mapping[str, tuple[Sequence[Way] | None, str | None]] | None = None) -> None:
        self._known = {pattern: Required(*parts) for pattern, parts in known.items()} if known is not None else {}

    def ways(self, pattern: str) -> Sequence[Way] | None:
        """Return the ways in which `pattern` can match, `None` if one of them requires nothing that can be told.

        `re.error` if it is no regular expression.
        """
        return self._required(pattern).ways

    def opened(self, pattern: str) -> str:
        """Return a pattern that matches what `pattern` does, and is searched for faster if that can be had."""
        return with_opening(pattern, self._required(pattern).opening)

    def _required(self, pattern: str) -> Required:
        if pattern not in self._known:
            parsed = parser.parse(pattern)
            self._known[pattern] = Required(_ways_of(parsed), opening_of(parsed))
        return self._known[pattern]

    def of(self, pattern: str) -> _Strings:
        """Return the strings of which at least one is in every match of `pattern`, `None` if none can be told."""
        ways = self.ways(pattern)
        return None if ways is None else frozenset[str]().union(*(way[0] for way in ways))

    def as_json(self) -> dict[str, tuple[list[list[list[str]]] | None, str | None]]:
        """Return everything known, to be given to the constructor of a later process."""
        return {
            pattern: ([[sorted(group) for group in way] for way in ways] if ways is not None else None, opening)
            for pattern, (ways, opening) in self._known.items()
        }


def _ways_of(parsed: Any) -> Sequence[Way] | None:
    """Work out in which ways a parsed pattern can match.

    A pattern that is a list of alternatives has a way for each. Two groups of one way rule out more than one: a person
    says `您` in every reply, and `常识` in few.
    """
    if parsed.state.flags & re.IGNORECASE:
        return None
    ways: list[Way] = []
    for branch in _branches(list(parsed)):
        groups = sorted(_groups(branch), key=_cost)
        if not groups:
            return None
        ways.append((groups[0], *(group for group in groups[1:2] if _cost(group) <= _MOST_COSTLY_SECOND)))
    return ways


def _branches(items: Any) -> Any:
    """Return the alternatives of a pattern that is nothing but alternatives, else the pattern as the only one."""
    only: Any = items[0] if len(items) == 1 else (None, None)
    if only[0] is constants.BRANCH:
        return only[1][1]
    return _branches(list(only[1][3])) if only[0] is constants.SUBPATTERN else [items]


def _of_sequence(items: Any) -> _Strings:
    """Every item of a sequence must match, so the most telling one will do."""
    return min(_groups(items), key=_cost, default=None)


def _groups(items: Any) -> list[frozenset[str]]:
    """Return what each item of a sequence requires, of those of which it can be told."""
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
    return found


def _of_item(operation: Any, argument: Any) -> _Strings:
    if operation is constants.IN:
        return characters_of(argument)
    if operation is constants.BRANCH:
        return _of_branches(argument[1])
    if operation is constants.SUBPATTERN:
        return _of_sequence(argument[3])
    if operation is constants.ATOMIC_GROUP:
        return _of_sequence(argument)
    if operation is constants.ASSERT:  # what stands before or behind a match stands in the text as well
        return _of_sequence(argument[1])
    repeats = (constants.MAX_REPEAT, constants.MIN_REPEAT, constants.POSSESSIVE_REPEAT)
    if operation in repeats and argument[0] > 0:
        return _of_sequence(argument[2])
    return None


def _of_branches(branches: Any) -> _Strings:
    union: frozenset[str] = frozenset()
    for branch in branches:
        required = _of_sequence(branch)
        if required is None:
            return None
        union |= required
    return union


def _cost(required: frozenset[str]) -> float:
    """Guess how often a set of strings is met: a common character in every reply, a longer string hardly ever."""
    return sum(_cost_of(string) for string in required)


def _cost_of(string: str) -> float:
    if len(string) > 1:
        return 0.1 ** min(len(string) - 1, 2)
    return _IN_EVERY_REPLY if string in _COMMON else 1.0
