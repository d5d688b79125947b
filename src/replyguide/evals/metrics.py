"""The numbers of the evaluation: shares with counts and 95 % Wilson intervals, means, percentiles, and their bounds."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from replyguide.errors import CaseError

_Z = 1.96


@dataclass(frozen=True, slots=True)
class Metric:
    """One figure. A share has `count` of `total`; a mean or percentile has `total` only, and no interval.

    `low`/`high` bound a share with 95 % confidence. `least`/`most` are the thresholds, `None` where it is information.
    """

    name: str
    value: float
    total: int
    count: int | None = None
    low: float | None = None
    high: float | None = None
    least: float | None = None
    most: float | None = None

    @property
    def holds(self) -> bool:
        """Tell whether the figure keeps its thresholds; a figure over nothing keeps none."""
        if self.least is None and self.most is None:
            return True
        above = self.least is None or self.value >= self.least
        return self.total > 0 and above and (self.most is None or self.value <= self.most)


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What came of each case for one share, by case id; `wanted` is the outcome that is right (no false alarm)."""

    name: str
    held: Mapping[str, bool]
    wanted: bool = True

    def share(self) -> Metric:
        """Return the share of the cases in which it held."""
        return share(self.name, list(self.held.values()))

    @classmethod
    def of(cls, name: str, told: Iterable[tuple[str, bool | None]], *, wanted: bool = True) -> Outcomes:
        """Collect what is told of each case; `None` means that the share does not ask it of this case."""
        return cls(name, {case: held for case, held in told if held is not None}, wanted)

    def right(self) -> dict[str, bool]:
        """Tell of each case whether it came out right."""
        return {case: held is self.wanted for case, held in self.held.items()}


def share(name: str, outcomes: Sequence[bool]) -> Metric:
    """Return the share of true outcomes, 0 over an empty sequence."""
    total, count = len(outcomes), sum(outcomes)
    low, high = wilson(count, total)
    return Metric(name, count / total if total else 0.0, total, count, low, high)


def mean(name: str, values: Sequence[float]) -> Metric:
    """Return the mean, 0 over an empty sequence."""
    return Metric(name, sum(values) / len(values) if values else 0.0, len(values))


def percentile(name: str, values: Sequence[float], percent: float) -> Metric:
    """Return a nearest-rank percentile, 0 over an empty sequence."""
    ordered = sorted(values)
    rank = max(math.ceil(percent / 100 * len(ordered)), 1)
    return Metric(name, ordered[rank - 1] if ordered else 0.0, len(ordered))


def wilson(count: int, total: int) -> tuple[float, float]:
    """Return the 95 % Wilson score interval of a share (Wilson 1927); the whole range over nothing."""
    if total == 0:
        return 0.0, 1.0
    observed, square = count / total, _Z * _Z
    centre = observed + square / (2 * total)
    spread = _Z * math.sqrt(observed * (1 - observed) / total + square / (4 * total * total))
    scale = 1 + square / total
    return max((centre - spread) / scale, 0.0), min((centre + spread) / scale, 1.0)


def read_thresholds(path: Path) -> dict[str, Mapping[str, float]]:
    """Read `thresholds.toml`: a table a metric, with `least` and/or `most`."""
    try:
        data: dict[str, Any] = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CaseError(f"{path}：读不了阈值文件（{error}）") from None
    for name, bounds in data.items():
        if not isinstance(bounds, Mapping) or not bounds or not set(bounds) <= {"least", "most"}:
            raise CaseError(f"{path}：{name} 只能写 least 和 most，至少一个")
        if any(isinstance(bound, bool) or not isinstance(bound, int | float) for bound in bounds.values()):
            raise CaseError(f"{path}：{name} 的 least 和 most 应是数字，请改正")
    return data


def with_thresholds(
    metrics: Sequence[Metric], thresholds: Mapping[str, Mapping[str, float]], *, brought: Collection[str] | None = None
) -> list[Metric]:
    """Put the thresholds on their metrics; a threshold for a metric that is not there is a `CaseError`.

    `brought` are the groups of metrics (the first part of a name) that were to be scored: others are not missed. By
    default all are.
    """
    names = {metric.name for metric in metrics}
    if brought is not None:
        thresholds = {name: bounds for name, bounds in thresholds.items() if name.partition(".")[0] in brought}
    if unknown := sorted(set(thresholds) - names):
        raise CaseError(f"阈值文件里的 {'、'.join(unknown)} 不是评分项，可用的有 {'、'.join(sorted(names))}")
    return [_bounded(metric, thresholds.get(metric.name, {})) for metric in metrics]


def _bounded(metric: Metric, bounds: Mapping[str, float]) -> Metric:
    return Metric(
        metric.name,
        metric.value,
        metric.total,
        metric.count,
        metric.low,
        metric.high,
        bounds.get("least"),
        bounds.get("most"),
    )
