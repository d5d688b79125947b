"""One evaluation run, as a value that can be printed, kept as JSON, compared with a baseline and drawn as a page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from replyguide.evals.cases import Part
from replyguide.evals.charts import bars, histogram, whiskers
from replyguide.evals.comparison import Difference
from replyguide.evals.judging import Breakdown
from replyguide.evals.metrics import Metric, Outcomes
from replyguide.evals.prompt_texts import PromptText
from replyguide.evals.scoring import Miss
from replyguide.evals.suites import Suite

_TEMPLATE = Path(__file__).with_name("report.html.j2")


@dataclass(frozen=True, slots=True)
class Report:
    """What was run (suite, part, date, packs, corpus, model, prompts) and what came out.

    `differences` are those to a baseline, if there was one, and `prompt_diff` what changed in the prompts since then.
    The misses of the test part carry no texts. `has_thresholds` is false for cases that come without any: then
    everything is information. `milliseconds` are what each suggestion took; figures tell them in the JSON.
    """

    suite: Suite
    part: Part
    date: str
    packs: str
    index: str
    model: str | None
    metrics: tuple[Metric, ...]
    misses: tuple[Miss, ...]
    by_topic: tuple[Breakdown, ...] = ()
    by_style: tuple[Breakdown, ...] = ()
    outcomes: tuple[Outcomes, ...] = ()
    differences: tuple[Difference, ...] = ()
    prompts: tuple[PromptText, ...] = ()
    prompt_diff: str = ""
    has_thresholds: bool = True
    milliseconds: tuple[float, ...] = ()

    @property
    def keeps_thresholds(self) -> bool:
        """Tell whether every metric keeps its thresholds, and at least one has any."""
        bounded = [metric for metric in self.metrics if metric.least is not None or metric.most is not None]
        return (bool(bounded) or not self.has_thresholds) and all(metric.holds for metric in bounded)

    @property
    def holds(self) -> bool:
        """Tell whether the thresholds are kept and no share is significantly worse than in the baseline."""
        return self.keeps_thresholds and not any(one.is_worse for one in self.differences)

    def as_json(self) -> dict[str, Any]:
        """Return the report as JSON data; a metric carries whether it holds, an outcome the ids of its cases."""
        return {
            "suite": self.suite,
            "part": self.part,
            "date": self.date,
            "packs": self.packs,
            "index": self.index,
            "model": self.model,
            "metrics": [{**asdict(metric), "holds": metric.holds} for metric in self.metrics],
            "by_topic": _broken_down(self.by_topic),
            "by_style": _broken_down(self.by_style),
            "outcomes": {one.name: _sorted_out(one) for one in self.outcomes},
            "differences": [one.as_json() for one in self.differences],
            "misses": [asdict(miss) for miss in self.misses],
            "prompts": {prompt.name: asdict(prompt) for prompt in self.prompts},
            "prompt_diff": self.prompt_diff,
            "holds": self.holds,
        }


def _broken_down(breakdowns: tuple[Breakdown, ...]) -> dict[str, dict[str, dict[str, float | int | None]]]:
    figures = ("value", "count", "total", "low", "high")
    return {
        one.name: {metric.name: {figure: getattr(metric, figure) for figure in figures} for metric in one.shares}
        for one in breakdowns
    }


def _sorted_out(outcomes: Outcomes) -> dict[str, list[str]]:
    right = outcomes.right()
    return {
        "wrong": sorted(case for case, is_right in right.items() if not is_right),
        "right": sorted(case for case, is_right in right.items() if is_right),
    }


def html_page(report: Report, baseline: Mapping[str, float]) -> str:
    """Draw the report as one self-contained page with every failing case; `baseline` are the earlier values."""
    from jinja2 import Environment

    environment = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    moved = {one.metric: one for one in report.differences}
    template = environment.from_string(_TEMPLATE.read_text("utf-8"))
    drawn = {"bars": bars, "whiskers": whiskers, "histogram": histogram, "named": _named}
    return template.render(report=report, baseline=baseline, moved=moved, **drawn)


def _named(breakdowns: tuple[Breakdown, ...]) -> list[Metric]:
    """Return the first share of each topic or style under its name: how many of its violations are found."""
    return [replace(one.shares[0], name=one.name) for one in breakdowns]
