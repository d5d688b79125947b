"""The accepted run that later ones are compared with: its figures, and of each case whether it came out right.

No text of a case stands in it: whoever reads it learns nothing of the test part.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from replyguide.errors import CaseError
from replyguide.evals.report import Report

# The comparison belongs to the run, not to what later runs are compared with; the failing cases carry texts.
_NOT_KEPT = frozenset({"misses", "differences", "holds", "prompt_diff"})


@dataclass(frozen=True, slots=True)
class Baseline:
    """The values of the metrics, and the outcomes (right or not) by metric and case id; `part` and `suite` if known.

    `prompts` are the texts of the prompt files of that run by name, `None` if it did not keep them.

    A file that carries the metrics alone has no outcomes: its values are shown, and nothing is tested.
    """

    values: Mapping[str, float] = field(default_factory=dict)
    outcomes: Mapping[str, Mapping[str, bool]] = field(default_factory=dict)
    part: str | None = None
    suite: str | None = None
    prompts: Mapping[str, str] | None = None


def read_baseline(path: Path) -> Baseline:
    """Read what `write_baseline` wrote, or the JSON of `replyguide eval --json`."""
    try:
        data = json.loads(path.read_text("utf-8"))
        values = {metric["name"]: float(metric["value"]) for metric in data["metrics"]}
        outcomes = {name: _by_case(told) for name, told in data.get("outcomes", {}).items()}
        prompts = {name: str(prompt["text"]) for name, prompt in data["prompts"].items()} if "prompts" in data else None
        return Baseline(values, outcomes, data.get("part"), data.get("suite"), prompts)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise CaseError(f"{path}：不是 replyguide eval --json 的输出（{error}），请重新生成") from None


def _by_case(told: Mapping[str, list[str]]) -> dict[str, bool]:
    return {**dict.fromkeys(told["right"], True), **dict.fromkeys(told["wrong"], False)}


def write_baseline(report: Report, path: Path) -> None:
    """Keep a run as the baseline of later ones; one that misses a threshold is refused with a `CaseError`."""
    if not report.keeps_thresholds:
        raise CaseError(f"{path}：有指标没有达到阈值，这次的结果不能作为基线，没有保存")
    data = report.as_json()
    told = {name: data[name] for name in data if name not in _NOT_KEPT}
    # One case id a line: a diff shows which cases moved.
    path.write_text(f"{json.dumps(told, ensure_ascii=False, indent=1)}\n", "utf-8")
