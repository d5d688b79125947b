"""With which characters a match of a regular expression can begin.

The engine hurries to the next such character only where a pattern starts with a plain character or a set of them. Many
start with a look behind or with alternatives of several kinds, and are tried in full at every character of a text.
"""

from __future__ import annotations

import re
from re import _constants as constants  # type: ignore[attr-defined]
from typing import Any

_LARGEST_SET = 80
_TAKE_NOTHING = (constants.AT, constants.ASSERT, constants.ASSERT_NOT)
_REPEATS = (constants.MAX_REPEAT, constants.MIN_REPEAT, constants.POSSESSIVE_REPEAT)

# Characters that may come first, `None` if that cannot be told; and whether there may be none at all.
_Opening = tuple[frozenset[str] | None, bool]
_UNTOLD: _Opening = None, False


def opening_of(parsed: Any) -> str | None:
    """Return the characters of which every match of a parsed pattern begins with one, if the engine does not see it.

    `None` also where that cannot be told, where a match may be empty, and where the pattern sets flags.
    """
    if parsed.state.flags != re.UNICODE or parsed.getwidth()[0] == 0 or _is_seen(parsed):
        return None
    characters, may_be_none = _of_sequence(parsed)
    return "".join(sorted(characters)) if characters and not may_be_none else None


def with_opening(pattern: str, opening: str | None) -> str:
    """Return a pattern that matches what `pattern` does and asks for its opening first."""
    return pattern if opening is None else f"(?=[{re.escape(opening)}])(?:{pattern})"


def characters_of(entries: Any) -> frozenset[str] | None:
    """Return the characters of a parsed set, `None` for what is negated, a category such as digits, or a wide range."""
    characters: set[str] = set()
    for operation, argument in entries:
        if operation is constants.LITERAL:
            characters.add(chr(argument))
        elif operation is constants.RANGE and argument[1] - argument[0] < _LARGEST_SET:
            characters.update(map(chr, range(argument[0], argument[1] + 1)))
        else:
            return None
    return frozenset(characters)


def _is_seen(items: Any) -> bool:
    """Tell whether the engine hurries to the start of a match by itself."""
    operation, argument = items[0]
    if operation is constants.SUBPATTERN:
        return len(argument[3]) > 0 and _is_seen(argument[3])
    if operation is constants.BRANCH:
        return all(len(branch) > 0 and branch[0][0] is constants.LITERAL for branch in argument[1])
    return operation in (constants.LITERAL, constants.IN)


def _of_sequence(items: Any) -> _Opening:
    found = frozenset[str]()
    for operation, argument in items:
        if operation in _TAKE_NOTHING:
            continue
        characters, may_be_none = _of_item(operation, argument)
        if characters is None:
            return _UNTOLD
        found |= characters
        if not may_be_none:
            return found, False
    return found, True


def _of_item(operation: Any, argument: Any) -> _Opening:
    if operation is constants.LITERAL:
        return frozenset({chr(argument)}), False
    if operation is constants.IN:
        return characters_of(argument), False
    if operation is constants.BRANCH:
        return _of_branches(argument[1])
    if operation is constants.SUBPATTERN:
        return _UNTOLD if argument[1] & re.IGNORECASE else _of_sequence(argument[3])
    if operation is constants.ATOMIC_GROUP:
        return _of_sequence(argument)
    if operation in _REPEATS:
        characters, may_be_none = _of_sequence(argument[2])
        return characters, may_be_none or argument[0] == 0
    return _UNTOLD


def _of_branches(branches: Any) -> _Opening:
    openings = [_of_sequence(branch) for branch in branches]
    found = [characters for characters, _ in openings if characters is not None]
    if len(found) < len(openings):
        return _UNTOLD
    return frozenset[str]().union(*found), any(may_be_none for _, may_be_none in openings)
