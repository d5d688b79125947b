"""The tables of an evaluation on the terminal: the figures, what moved since the baseline, topics and styles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from replyguide.cli.output import console

if TYPE_CHECKING:
    from replyguide.evals.comparison import Difference
    from replyguide.evals.judging import Breakdown
    from replyguide.evals.metrics import Metric
    from replyguide.evals.report import Report

_WIDTH = 200  # columns, for who searches a log for a name
_SHARES = ("违规查出", "提醒查出", "说对主题", "精确率", "好回复被拦", "好回复被提醒")


def show(report: Report, baseline: Mapping[str, float]) -> None:
    """Print the tables; `baseline` are the values of the earlier run, by metric."""
    _show_figures(report, baseline)
    _show_breakdown("按主题：几例中的几例，95% 区间", report.by_topic)
    _show_breakdown("按样式：几例中的几例，95% 区间", report.by_style)
    if report.prompt_diff:
        console(piped_width=_WIDTH).print("提示词与基线不同：", report.prompt_diff, markup=False, sep="\n")


def bounds_of(metric: Metric) -> str:
    """Return the thresholds of a metric as text, empty where it has none."""
    least = f"≥ {metric.least:g}" if metric.least is not None else ""
    most = f"≤ {metric.most:g}" if metric.most is not None else ""
    return " ".join(part for part in (least, most) if part)


def _show_figures(report: Report, baseline: Mapping[str, float]) -> None:
    from rich.table import Table

    run = (report.suite, report.part, report.date, f"规则包 {report.packs[:8]}", report.index, f"模型 {report.model}")
    table = Table(title=" · ".join(run))
    for heading in ("指标", "值", "计数", "95% 区间", "阈值", "基线", "与基线逐例比较", ""):
        table.add_column(heading)
    moved = {one.metric: one for one in report.differences}
    for metric in report.metrics:
        counted = metric.count is not None
        one = moved.get(metric.name)
        table.add_row(
            metric.name,
            f"{metric.value:.3f}",
            f"{metric.count}/{metric.total}" if counted else str(metric.total),
            f"{metric.low:.2f}–{metric.high:.2f}" if counted else "",
            bounds_of(metric) or "信息",
            f"{baseline[metric.name]:.3f}" if metric.name in baseline else "",
            _moved(one) if one is not None else "",
            "" if metric.holds and (one is None or not one.is_worse) else "✗",
        )
    console(piped_width=_WIDTH).print(table)


def _moved(one: Difference) -> str:
    if not one.compared:
        told = "没有共同的案例"
    elif not one.gained + one.lost:
        told = f"{one.compared} 例都没变"
    else:
        told = f"+{one.gained} −{one.lost}/{one.compared}（{one.low:+.2f} 至 {one.high:+.2f}）p={one.p:.2g}"
    return f"{told}，新 {one.new} 少 {one.removed}" if one.new or one.removed else told


def _show_breakdown(title: str, breakdowns: Sequence[Breakdown]) -> None:
    from rich.table import Table

    if not breakdowns:
        return
    table = Table(title=title)
    for heading in ("", *_SHARES):
        table.add_column(heading)
    for one in breakdowns:
        table.add_row(one.name, *(_cell(metric) for metric in one.shares))
    console(piped_width=_WIDTH).print(table)


def _cell(metric: Metric) -> str:
    if not metric.total:
        return ""
    low, high = ((metric.low or 0.0) * 100, (metric.high or 0.0) * 100)
    return f"{metric.count}/{metric.total} {metric.value:.0%} ({low:.0f}–{high:.0f})"
