"""One evaluation run, as a value that can be printed, kept as JSON, compared with a baseline and drawn as a page."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from replyguide.errors import CaseError
from replyguide.evals.cases import Part
from replyguide.evals.metrics import Metric
from replyguide.evals.scoring import Miss

_TEMPLATE = Path(__file__).with_name("report.html.j2")


@dataclass(frozen=True, slots=True)
class Report:
    """What was run (part, date, packs, corpus, model) and what came out."""

    part: Part
    date: str
    packs: str
    index: str
    model: str | None
    metrics: tuple[Metric, ...]
    topics: Mapping[str, tuple[int, int]]
    misses: tuple[Miss, ...]

    @property
    def holds(self) -> bool:
        """Tell whether every metric keeps its thresholds, and at least one has any."""
        bounded = [metric for metric in self.metrics if metric.least is not None or metric.most is not None]
        return bool(bounded) and all(metric.holds for metric in bounded)

    def as_json(self) -> dict[str, Any]:
        """Return the report as JSON data; a metric carries whether it holds."""
        metrics = [{**asdict(metric), "holds": metric.holds} for metric in self.metrics]
        return {**asdict(self), "topics": dict(self.topics), "metrics": metrics, "holds": self.holds}


def read_baseline(path: Path) -> dict[str, float]:
    """Read the metric values of an earlier report (the JSON of `replyguide eval --json`)."""
    try:
        data = json.loads(path.read_text("utf-8"))
        return {metric["name"]: float(metric["value"]) for metric in data["metrics"]}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CaseError(f"{path}：不是 replyguide eval --json 的输出（{error}），请重新生成") from None


def html_page(report: Report, baseline: Mapping[str, float]) -> str:
    """Draw the report as one self-contained page with every failing case."""
    from jinja2 import Environment

    environment = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(_TEMPLATE.read_text("utf-8")).render(report=report, baseline=baseline)
