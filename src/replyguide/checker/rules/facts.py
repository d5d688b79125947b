"""Compares what a reply states with the facts of shop and product."""

from __future__ import annotations

import re
from bisect import bisect_left
from itertools import islice, takewhile

from replyguide.checker.language.reading import Reading
from replyguide.checker.rules.forms import Fact, Number
from replyguide.context import Context

_BEFORE_A_LIMIT = re.compile("(?:过|过了|满|满了|高于|大于|多于|不到|低于|不足|够|达到|至少|最多)$")
_AFTER_A_LIMIT = re.compile("以上|以下|以内|起")


def fact_holds(
    fact: Fact,
    value: object,
    reading: Reading,
    question: Reading | None,
    anchor: tuple[int, int],
    classes: set[str],
    asked: set[str],
) -> bool:
    """Tell whether the known `value` stands to the reply as `fact` wants it.

    `anchor` is the span of the act and `classes` the word classes it may belong to; `asked` are the classes that the
    question must name, compared in the act's stead where there are any. An unknown or empty value never holds.
    """
    if not value or fact.says == "something":
        return bool(value)
    names = [str(entry) for entry in value] if isinstance(value, list) else [str(value)]
    if fact.says == "named":
        return _is_named(names, reading, question)
    told = reading.of_same_lexicon("，".join(names))
    known = {name for token in told.tokens if not token.is_negated for name in token.classes}
    if asked and question is not None:
        return bool(asked & set(question.by_class) - known)
    return _differs(value, known, reading, anchor, classes)


def _is_named(names: list[str], reading: Reading, question: Reading | None) -> bool:
    """Two characters of a name in a row count: a buyer says 袜子 where the page says 纯棉袜子."""
    said = reading.folded.text + (question.folded.text if question is not None else "")
    folded = [reading.of_same_lexicon(name).folded.text for name in names]
    return any(name[at : at + 2] in said for name in folded for at in range(len(name) - 1))


def _differs(value: object, known: set[str], reading: Reading, anchor: tuple[int, int], classes: set[str]) -> bool:
    first = bisect_left(reading.tokens, anchor, key=lambda token: (token.start, token.end))
    for token in takewhile(lambda token: (token.start, token.end) == anchor, islice(reading.tokens, first, None)):
        if not token.classes & classes:
            continue
        if token.quantity is not None and isinstance(value, (int, float)):
            is_limit = _is_a_limit(reading.folded.text, token.start, token.end)
            return not is_limit and abs(token.quantity.value - value) >= 1
        stated = token.classes & classes
        if stated & known if token.is_negated else stated - known:
            return True
    return False


def _is_a_limit(text: str, start: int, end: int) -> bool:
    """Tell whether a quantity is a limit (`超过600元`, `600元以上`), which states nothing about the amount itself."""
    return bool(_BEFORE_A_LIMIT.search(text[max(start - 3, 0) : start]) or _AFTER_A_LIMIT.match(text[end : end + 2]))


def bound_holds(number: Number, value: float, context: Context) -> bool:
    """Tell whether a quantity lies beyond the bounds; a bound on an unknown fact without default never holds."""
    above = bound_of(number.above, number, context)
    below = bound_of(number.below, number, context)
    if above is None and below is None:
        return number.above is None and number.below is None
    return (above is None or value > above) and (below is None or value < below)


def is_relaxed(number: Number, context: Context) -> bool:
    """Tell whether the fact that `above` names is known and higher than the default."""
    bound = bound_of(number.above, number, context)
    return number.default is not None and bound is not None and bound > number.default


def bound_of(bound: float | str | None, number: Number, context: Context) -> float | None:
    """Return the bound as a number: itself, the fact that it names, or the default where that is not known."""
    if not isinstance(bound, str):
        return bound
    fact = context.get(bound)
    return float(fact) if isinstance(fact, (int, float)) and not isinstance(fact, bool) else number.default
