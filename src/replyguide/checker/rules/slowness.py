"""Which regular expressions can take far longer than the text is long, told from their structure alone.

Nothing is timed: the same pattern is refused on every machine. The parsed pattern becomes an automaton of positions
(Glushkov's), in which two things are looked for. *Exponential*: inside a loop, two different ways to read one text and
come back (`(?:a+)+`, `(?:去|跟|去跟)*`); the engine tries all of them before it gives up. *Steep*: loops one after the
other, where the earlier can read on into the later (`.*微信.*转账`), so that their lengths multiply. A loop alone, or
loops kept apart by what they exclude (`\\d+\\.\\d+`), cost no more than the text is long.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

# The parser behind `re`, as in `prefilter.py`.
from re import _constants as constants  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

Ranges = tuple[tuple[int, int], ...]  # of code points, sorted, apart, both ends inclusive

_LAST = 0x10FFFF
_ANY: Ranges = ((0, _LAST),)
_EXPANDED = 6  # a repeat of a word of at most so many rounds is written out; any other counts as a loop
_MOST_WAYS = 250_000  # in which one place of a text may be read: some milliseconds

_REPEATS = (constants.MAX_REPEAT, constants.MIN_REPEAT)
_ASSERTIONS = (constants.ASSERT, constants.ASSERT_NOT)
_KINDS = {constants.CATEGORY_DIGIT: str.isdecimal, constants.CATEGORY_SPACE: str.isspace}


def slowness(pattern: str, reach: int) -> str | None:
    """Tell in Chinese why a pattern is too slow over texts of `reach` characters, `None` if it is not.

    `re.error` if it is no regular expression.
    """
    parsed = parser.parse(pattern)
    return _slowness(parsed, reach, ignores_case=bool(parsed.state.flags & re.IGNORECASE))


def _slowness(parsed: Any, reach: int, *, ignores_case: bool) -> str | None:
    automaton = _Automaton(reach, ignores_case=ignores_case)
    automaton.read(parsed)
    loops = _loops(automaton.after)
    if any(_reads_in_two_ways(automaton, loop) for loop in loops):
        return "循环里同一段文字有不止一种读法（如 (?:a+)+ 或 (?:去|跟|去跟)*），会慢到停不下来"
    if _most_ways(automaton, loops) > _MOST_WAYS:
        return "前后几个循环能读同样的字（如 .*甲.*乙），长句会很慢，请给循环加上限，如 {0,4}"
    inside = (_slowness(part, reach, ignores_case=ignores_case) for part in automaton.lookarounds)
    return next((problem for problem in inside if problem is not None), None)


@dataclass(slots=True)
class _Piece:
    """A part of the pattern: the positions where it can begin and end, and in how many ways it matches nothing."""

    first: list[int] = field(default_factory=list)
    last: list[int] = field(default_factory=list)
    empty: int = 1


class _Automaton:
    """The positions of a pattern: what each can read, and what can follow, as often as there are ways to get there.

    `rounds` is how often a position can be read on end, counting every loop around it.
    """

    def __init__(self, reach: int, *, ignores_case: bool) -> None:
        self.characters: list[Ranges] = []
        self.after: list[list[int]] = []
        self.rounds: list[int] = []
        self.lookarounds: list[Any] = []
        self._reach = reach
        self._ignores_case = ignores_case

    def read(self, items: Any) -> _Piece:
        """Add a parsed sequence."""
        whole = _Piece()
        for operation, value in items:
            whole = self._joined(whole, self._piece(operation, value))
        return whole

    def _piece(self, operation: Any, value: Any) -> _Piece:
        if operation is constants.SUBPATTERN:
            return self.read(value[3])
        if operation is constants.ATOMIC_GROUP:
            return self.read(value)
        if operation is constants.BRANCH:
            return self._alternatives(value[1])
        if operation in _REPEATS:
            return self._repeat(*value)
        if operation in _ASSERTIONS:
            self.lookarounds.append(value[1])
        if operation in _ASSERTIONS or operation is constants.AT:
            return _Piece()
        if operation is constants.GROUPREF_EXISTS:
            return self._alternatives([branch if branch is not None else () for branch in value[1:]])
        if operation is constants.POSSESSIVE_REPEAT:  # gives nothing back, so that only one round can be slow
            self.lookarounds.append(value[2])
        if operation in (constants.GROUPREF, constants.POSSESSIVE_REPEAT):
            return self._repeat(0, constants.MAXREPEAT, [(constants.ANY, None)])
        return self._position(_ANY if self._ignores_case else _characters(operation, value))

    def _position(self, characters: Ranges) -> _Piece:
        self.characters.append(characters)
        self.after.append([])
        self.rounds.append(1)
        place = len(self.characters) - 1
        return _Piece([place], [place], 0)

    def _joined(self, early: _Piece, late: _Piece) -> _Piece:
        for place in early.last:
            self.after[place].extend(late.first)
        return _Piece(
            early.first + late.first * early.empty,
            late.last + early.last * late.empty,
            min(early.empty * late.empty, 2),
        )

    def _alternatives(self, branches: Sequence[Any]) -> _Piece:
        pieces = [self.read(branch) for branch in branches]
        return _Piece(
            [place for piece in pieces for place in piece.first],
            [place for piece in pieces for place in piece.last],
            min(sum(piece.empty for piece in pieces), 2),
        )

    def _repeat(self, low: int, high: Any, body: Any) -> _Piece:
        rounds = self._reach if high is constants.MAXREPEAT else min(int(high), self._reach)
        if rounds <= (1 if _is_one_character(body) else _EXPANDED):
            return self._written_out(int(low), rounds, body)
        start = len(self.characters)
        once = self.read(body)
        # Rounds that must be there and may read nothing (`(?:a?){9}`) can be left out in many ways.
        ways = 2 if low > 1 and once.empty else 1
        for place in once.last:
            self.after[place].extend(once.first * ways)
        for place in range(start, len(self.characters)):
            self.rounds[place] = min(self.rounds[place] * max(rounds - int(low) + 1, 1), self._reach)
        return _Piece(once.first, once.last, 1 if low == 0 else once.empty)

    def _written_out(self, low: int, rounds: int, body: Any) -> _Piece:
        may = _Piece()
        for _ in range(rounds - low):  # from the inside out: `a{0,2}` is `(?:a(?:a)?)?`
            may = self._joined(self.read(body), may)
            may.empty = max(may.empty, 1)
        must = _Piece()
        for _ in range(low):
            must = self._joined(must, self.read(body))
        return self._joined(must, may)


def _reads_in_two_ways(automaton: _Automaton, loop: set[int]) -> bool:
    """Tell whether a loop lets one text be read in two ways that part and meet again."""
    inside = {place: [other for other in automaton.after[place] if other in loop] for place in loop}
    if any(len(set(followers)) < len(followers) for followers in inside.values()):
        return True
    seen = {(place, place) for place in loop}
    waiting = list(seen)
    while waiting:
        pair = waiting.pop()
        for one in inside[pair[0]]:
            for other in inside[pair[1]]:
                if pair[0] != pair[1] and one == other:
                    return True
                reads_same = one == other or _overlap(automaton.characters[one], automaton.characters[other])
                if reads_same and (one, other) not in seen:
                    seen.add((one, other))
                    waiting.append((one, other))
    return False


def _most_ways(automaton: _Automaton, loops: list[set[int]]) -> int:
    """Count in how many ways one place can be read at most: the worst run of loops that read on into each other."""
    read = [_union(automaton.characters[place] for place in loop) for loop in loops]
    into = [_reached(automaton, loop, read[number]) for number, loop in enumerate(loops)]
    ways = [max(automaton.rounds[place] for place in loop) for loop in loops]
    worst: dict[int, int] = {}

    def worst_from(number: int) -> int:
        if number not in worst:
            later = [other for other in range(len(loops)) if other != number and loops[other] & into[number]]
            worst[number] = ways[number] * max(map(worst_from, later), default=1)
        return worst[number]

    return max(map(worst_from, range(len(loops))), default=1)


def _loops(after: list[list[int]]) -> list[set[int]]:
    """Return the groups of positions that can all reach each other."""
    forward = [_all_after(after, place) for place in range(len(after))]
    loops: list[set[int]] = []
    for place in range(len(after)):
        if place in forward[place] and not any(place in loop for loop in loops):
            loops.append({other for other in forward[place] if place in forward[other]})
    return loops


def _all_after(after: list[list[int]], start: int) -> set[int]:
    reached: set[int] = set()
    waiting = [start]
    while waiting:
        fresh = set(after[waiting.pop()]) - reached
        reached |= fresh
        waiting.extend(fresh)
    return reached


def _reached(automaton: _Automaton, loop: set[int], read: Ranges) -> set[int]:
    """Return the positions after a loop that can be reached by characters which the loop could read as well."""
    reached: set[int] = set()
    waiting = list(loop)
    while waiting:
        for place in set(automaton.after[waiting.pop()]) - loop - reached:
            if _overlap(automaton.characters[place], read):
                reached.add(place)
                waiting.append(place)
    return reached


def _is_one_character(body: Any) -> bool:
    return len(body) == 1 and body[0][0] in (constants.LITERAL, constants.NOT_LITERAL, constants.IN, constants.ANY)


def _characters(operation: Any, value: Any) -> Ranges:
    if operation is constants.LITERAL:
        return ((value, value),)
    if operation is constants.NOT_LITERAL:
        return _complement(((value, value),))
    if operation is not constants.IN:
        return _ANY
    is_negated = value[0][0] is constants.NEGATE
    ranges = _union(_of_entry(*entry) for entry in (value[1:] if is_negated else value))
    return _complement(ranges) if is_negated else ranges


def _of_entry(operation: Any, value: Any) -> Ranges:
    if operation is constants.LITERAL:
        return ((value, value),)
    return (tuple(value),) if operation is constants.RANGE else _of_kind(value)


@lru_cache(maxsize=8)
def _of_kind(kind: Any) -> Ranges:
    """A kind of character that is not worked out counts as any: too many overlaps are found then, never too few."""
    holds = _KINDS.get(kind)
    return _ANY if holds is None else _union(((code, code),) for code in range(_LAST + 1) if holds(chr(code)))


def _union(many: Iterable[Ranges]) -> Ranges:
    merged: list[tuple[int, int]] = []
    for low, high in sorted(one for ranges in many for one in ranges):
        if merged and low <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(merged[-1][1], high))
        else:
            merged.append((low, high))
    return tuple(merged)


def _complement(ranges: Ranges) -> Ranges:
    gaps: list[tuple[int, int]] = []
    start = 0
    for low, high in ranges:
        if low > start:
            gaps.append((start, low - 1))
        start = high + 1
    if start <= _LAST:
        gaps.append((start, _LAST))
    return tuple(gaps)


def _overlap(one: Ranges, other: Ranges) -> bool:
    return any(low <= high2 and low2 <= high for low, high in one for low2, high2 in other)
