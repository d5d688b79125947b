"""Points of the platform that a text puts at risk, or that were spared by not sending it.

A rule lists every figure that the sources name for its violation; the gravest is counted, each rule once a text.
"""

from __future__ import annotations

from replyguide.checker import CheckResult
from replyguide.copilot import Suggestion


def at_risk(check: CheckResult) -> float:
    """Return the points that a text costs if it is sent: of what the checker blocks, a warning costs none."""
    worst: dict[str, float] = {}
    for finding in check.findings:
        if finding.level == "block" and finding.points:
            worst[finding.rule] = max(worst.get(finding.rule, 0.0), *finding.points)
    return sum(worst.values())


def avoided(suggestion: Suggestion) -> float:
    """Return the points that the worst draft held back would have cost: one reply would have been sent, not all."""
    return max((at_risk(attempt.check) for attempt in suggestion.attempts), default=0.0)
