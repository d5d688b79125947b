"""Conditions on the context, as corpus wordings and checker rules write them under `when`.

A condition maps dotted fact paths to what they must be: a scalar, a list of allowed scalars, or a mapping with
`known`, `min`, `max`. A fact that is not known satisfies only `known: false`: a rule never guesses.
"""

from __future__ import annotations

from collections.abc import Mapping

from replyguide.context import FACT_PATHS, Context

Condition = object  # scalar, list of scalars, or a mapping of known/min/max: validated by `problem_with`
_RANGE_KEYS = frozenset({"known", "min", "max"})


def holds(when: Mapping[str, Condition], context: Context) -> bool:
    """Tell whether every entry of `when` is satisfied by `context`; an empty mapping always holds."""
    return all(_fact_matches(context.get(path), condition) for path, condition in when.items())


def problem_with(when: Mapping[str, Condition]) -> str | None:
    """Say in Chinese what is wrong with a `when` mapping, or `None` if it is well formed."""
    for path, condition in when.items():
        if path not in FACT_PATHS:
            return f"when 里的 {path} 不是上下文字段，可用的有 {'、'.join(sorted(FACT_PATHS))}"
        if isinstance(condition, Mapping) and not set(condition) <= _RANGE_KEYS:
            return f"when 里 {path} 的条件只能用 known、min、max"
    return None


def _fact_matches(fact: object, condition: Condition) -> bool:
    if isinstance(condition, Mapping):
        return _range_matches(fact, condition)
    if isinstance(condition, list):
        return any(_same(fact, allowed) for allowed in condition)
    return _same(fact, condition)


def _same(fact: object, wanted: object) -> bool:
    # `True == 1` in Python; a switch and a number must not be mixed up.
    return fact is not None and isinstance(fact, bool) == isinstance(wanted, bool) and fact == wanted


def _range_matches(fact: object, condition: Mapping[str, object]) -> bool:
    known = condition.get("known")
    if known is not None and (fact is not None) is not known:
        return False
    if "min" not in condition and "max" not in condition:
        return True
    if isinstance(fact, bool) or not isinstance(fact, (int, float)):
        return False
    low, high = condition.get("min"), condition.get("max")
    above = not isinstance(low, (int, float)) or fact >= low
    return above and (not isinstance(high, (int, float)) or fact <= high)
