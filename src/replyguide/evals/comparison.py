"""The difference of a run to an earlier one, case by case.

Two runs over the same cases are paired: only the cases whose outcome changed tell anything. McNemar's exact test asks
how likely so lopsided a change is if better and worse were equally likely; Newcombe's interval bounds the difference.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from replyguide.errors import CaseError
from replyguide.evals.metrics import Outcomes, wilson

SIGNIFICANT = 0.05


@dataclass(frozen=True, slots=True)
class Difference:
    """How one share moved: `gained` cases came right, `lost` went wrong, of `compared` that both runs have.

    `value` is the change of the share that is right, `low`/`high` its 95 % interval, `p` two-sided. `new` and
    `removed` cases stand in one run only and count nowhere.
    """

    metric: str
    compared: int
    gained: int
    lost: int
    new: int
    removed: int
    value: float
    low: float
    high: float
    p: float

    @property
    def is_worse(self) -> bool:
        """Tell whether the share got worse by more than chance."""
        return self.lost > self.gained and self.p < SIGNIFICANT

    def as_json(self) -> dict[str, Any]:
        """Return the difference as JSON data."""
        return {**asdict(self), "worse": self.is_worse}


def compare(
    outcomes: Iterable[Outcomes], earlier: Mapping[str, Mapping[str, bool]], *, where: str = "基线"
) -> tuple[Difference, ...]:
    """Compare every share with the `earlier` outcomes (right or not, by metric and case id); `where` names them.

    A share that the earlier run lacks is left out. One that this run lacks, or no common case at all, is a `CaseError`:
    a comparison over nothing would pass whatever happens.
    """
    now = {one.name: one.right() for one in outcomes}
    if missing := sorted(set(earlier) - set(now)):
        raise CaseError(f"{where}：这次没有评 {'、'.join(missing)}，请用 --save-baseline 重新生成")
    found = tuple(_difference(name, earlier[name], now[name]) for name in now if name in earlier)
    if earlier and not any(one.compared for one in found):
        raise CaseError(f"{where}：和这次没有一个共同的案例，请用 --save-baseline 重新生成")
    return found


def _difference(metric: str, before: Mapping[str, bool], after: Mapping[str, bool]) -> Difference:
    common = before.keys() & after.keys()
    gained = sum(after[case] and not before[case] for case in common)
    lost = sum(before[case] and not after[case] for case in common)
    both = sum(before[case] and after[case] for case in common)
    total = len(common)
    low, high = paired_interval(both, gained, lost, total - both - gained - lost)
    return Difference(
        metric=metric,
        compared=total,
        gained=gained,
        lost=lost,
        new=len(after.keys() - before.keys()),
        removed=len(before.keys() - after.keys()),
        value=(gained - lost) / total if total else 0.0,
        low=low,
        high=high,
        p=mcnemar(gained, lost),
    )


def mcnemar(gained: int, lost: int) -> float:
    """Return the two-sided p of McNemar's exact test: a binomial over the changed cases; 1 where none changed."""
    changed = gained + lost
    tail = sum(math.comb(changed, count) for count in range(min(gained, lost) + 1))
    return min(math.ldexp(tail, 1 - changed), 1.0)


def paired_interval(both: int, gained: int, lost: int, neither: int) -> tuple[float, float]:
    """Return the 95 % interval of `(gained - lost) / total`; the whole range over nothing.

    Newcombe, Statistics in Medicine 17 (1998) 2635–2650, method 10: the Wilson intervals of both shares, put together
    with the correlation of the outcomes.
    """
    total = both + gained + lost + neither
    if total == 0:
        return -1.0, 1.0
    after, before = (both + gained) / total, (both + lost) / total
    low_after, high_after = wilson(both + gained, total)
    low_before, high_before = wilson(both + lost, total)
    phi = _correlation(both, gained, lost, neither)
    down, up = (after - low_after, high_before - before), (high_after - after, before - low_before)
    return after - before - _combined(*down, phi), after - before + _combined(*up, phi)


def _combined(one: float, other: float, phi: float) -> float:
    return math.sqrt(max(one * one - 2 * phi * one * other + other * other, 0.0))


def _correlation(both: int, gained: int, lost: int, neither: int) -> float:
    """Return phi, corrected for continuity where it is positive; 0 where a margin is empty."""
    margins = (both + gained) * (lost + neither) * (both + lost) * (gained + neither)
    if margins == 0:
        return 0.0
    cross = both * neither - gained * lost
    if cross > 0:
        return max(cross - (both + gained + lost + neither) / 2, 0.0) / math.sqrt(margins)
    return cross / math.sqrt(margins)
