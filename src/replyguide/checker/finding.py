"""What a check says: a verdict and the findings behind it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

Level = Literal["warn", "block"]
Verdict = Literal["pass", "warn", "block"]
Layer = Literal["rules", "resemblance"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule that the reply breaks. `start`/`end` are character offsets into the reply as it was given.

    `reword` is a whole reply that may be sent instead. `layer` tells what found it; `nearest` is the known violation
    that a finding by resemblance rests on.
    """

    rule: str
    topic: str
    level: Level
    start: int
    end: int
    matched: str
    why: str
    fix: str
    reword: str
    points: tuple[float, ...]
    sources: tuple[str, ...]
    layer: Layer = "rules"
    nearest: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the finding as the object of the interface page."""
        return {**asdict(self), "points": list(self.points), "sources": list(self.sources)}


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The verdict on one reply; `findings` stand in the order of the reply, blocks before warnings."""

    verdict: Verdict
    findings: tuple[Finding, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the result as the `check` object of the interface page."""
        return {"verdict": self.verdict, "findings": [finding.as_json() for finding in self.findings]}


def result_of(findings: list[Finding]) -> CheckResult:
    """Order the findings and derive the verdict from the gravest of them."""
    ordered = tuple(sorted(findings, key=lambda finding: (finding.level == "warn", finding.start, finding.rule)))
    levels = {finding.level for finding in ordered}
    verdict: Verdict = "block" if "block" in levels else "warn" if levels else "pass"
    return CheckResult(verdict=verdict, findings=ordered)
