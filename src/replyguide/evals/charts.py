"""Charts of a report as SVG, drawn here so that the page needs nothing from anywhere."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup, escape

from replyguide.evals.comparison import Difference
from replyguide.evals.metrics import Metric

_LABELS, _WIDTH, _ROW = 260, 460, 22  # pixels
_STEPS = 12
_GREEN, _RED, _GREY = "#2f8f6b", "#c0392b", "#999"


def bars(metrics: Sequence[Metric]) -> Markup:
    """Draw a bar a share, with its 95 % interval and a tick at every threshold; what is no share is left out."""
    shares = [metric for metric in metrics if metric.count is not None and metric.total]
    return _drawing(len(shares), [_bar(place, metric) for place, metric in enumerate(shares)])


def whiskers(differences: Sequence[Difference]) -> Markup:
    """Draw how far each share moved since the baseline, in points, with its 95 % interval around zero."""
    moved = [one for one in differences if one.compared]
    widest = max((abs(bound) for one in moved for bound in (one.low, one.high)), default=0.0) or 0.01
    rows = [_whisker(place, one, widest) for place, one in enumerate(moved)]
    middle = _LABELS + _WIDTH / 2
    axis = f'<line x1="{middle}" y1="0" x2="{middle}" y2="{len(moved) * _ROW}" stroke="{_GREY}"/>'
    return _drawing(len(moved), [axis, *rows])


def histogram(milliseconds: Sequence[float]) -> Markup:
    """Draw how many suggestions took how long, in twelve steps; what took longer than the 99th percentile is last."""
    if not milliseconds:
        return Markup("")
    ordered = sorted(milliseconds)
    step = max(ordered[min(len(ordered) * 99 // 100, len(ordered) - 1)] / _STEPS, 0.01)
    counts = [0] * _STEPS
    for spent in ordered:
        counts[min(int(spent / step), _STEPS - 1)] += 1
    return _drawing(_STEPS, [_step(place, step, count, max(counts)) for place, count in enumerate(counts)])


def _step(place: int, step: float, count: int, most: int) -> str:
    top = place * _ROW
    until = "" if place == _STEPS - 1 else f"–{step * (place + 1):.0f}"
    return (
        f'<text x="0" y="{top + 14}">{step * place:.0f}{until} 毫秒{"以上" if not until else ""}</text>'
        f'<rect x="{_LABELS}" y="{top + 4}" width="{_WIDTH * count / most:.1f}" height="12" fill="{_GREEN}"/>'
        f'<text x="{_LABELS + _WIDTH + 8}" y="{top + 14}">{count}</text>'
    )


def _drawing(rows: int, parts: Sequence[str]) -> Markup:
    size = f'width="{_LABELS + _WIDTH + 70}" height="{rows * _ROW}"'
    # Every text in the parts was escaped where it was put in.
    return Markup(f'<svg {size} role="img" font-size="12">{"".join(parts)}</svg>')  # noqa: S704


def _bar(place: int, metric: Metric) -> str:
    top = place * _ROW
    low, high = (metric.low or 0.0, metric.high or 0.0)
    colour = _GREEN if metric.holds else _RED
    bounds = [bound for bound in (metric.least, metric.most) if bound is not None]
    ticks = "".join(
        f'<line x1="{_x(bound)}" y1="{top + 2}" x2="{_x(bound)}" y2="{top + 18}" stroke="#222" stroke-width="2"/>'
        for bound in bounds
    )
    middle = top + 10
    return (
        f'<text x="0" y="{top + 14}">{escape(metric.name)}</text>'
        f'<rect x="{_LABELS}" y="{top + 4}" width="{_WIDTH * metric.value:.1f}" height="12" fill="{colour}"/>'
        f'<line x1="{_x(low)}" y1="{middle}" x2="{_x(high)}" y2="{middle}" stroke="#222"/>{ticks}'
        f'<text x="{_LABELS + _WIDTH + 8}" y="{top + 14}">{metric.value:.1%}</text>'
    )


def _whisker(place: int, one: Difference, widest: float) -> str:
    middle = place * _ROW + 10

    def x(value: float) -> float:
        return round(_LABELS + _WIDTH / 2 * (1 + value / widest), 1)

    colour = _RED if one.is_worse else _GREEN if one.gained > one.lost else _GREY
    return (
        f'<text x="0" y="{middle + 4}">{escape(one.metric)}</text>'
        f'<line x1="{x(one.low)}" y1="{middle}" x2="{x(one.high)}" y2="{middle}" stroke="{colour}" stroke-width="2"/>'
        f'<circle cx="{x(one.value)}" cy="{middle}" r="4" fill="{colour}"/>'
        f'<text x="{_LABELS + _WIDTH + 8}" y="{middle + 4}">{one.value * 100:+.1f} 点</text>'
    )


def _x(value: float) -> float:
    return round(_LABELS + _WIDTH * min(max(value, 0.0), 1.0), 1)
