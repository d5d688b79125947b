"""Puts together why a reply was judged as it was. Asked for, never part of a check."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from replyguide.checker.finding import Finding
from replyguide.checker.why.case import Case
from replyguide.checker.why.exempted import exempted_traces
from replyguide.checker.why.explanation import Explanation, LikenessShown, Trace
from replyguide.context import Context

if TYPE_CHECKING:
    from replyguide.checker.checking import Checker


def explained(reply: str, context: Context, checker: Checker) -> Explanation:
    """Return the verdict of `checker` on `reply` with its reasons."""
    case = Case(reply, context, checker)
    result = checker.check(reply, context)
    findings = tuple(_trace(case, finding, checker) for finding in result.findings)
    taken = {(finding.topic, case.clause_at(finding.start)) for finding in result.findings}
    return Explanation(result, case.reading.folded.text, findings, exempted_traces(case, taken))


def _likeness(case: Case, checker: Checker) -> LikenessShown | None:
    """Tell on what a finding of the second layer rests."""
    layer = checker.resemblance
    found = layer.of(case.reading, case.question) if layer is not None else None
    nearest = layer.nearest(found) if layer is not None and found is not None else None
    if layer is None or found is None or nearest is None:
        return None
    return LikenessShown(nearest.reply, layer.telling(found), found.score, found.cut)


def _trace(case: Case, finding: Finding, checker: Checker) -> Trace:
    """Find the form and the place that a finding rests on: those whose span it has, else the nearest that holds."""
    rule = case.rules[finding.rule]
    clause = case.clause_at(finding.start)
    if finding.layer == "resemblance":
        return Trace(
            case.rule(rule),
            replace(case.evidence(rule, clause, None), exemptions=(), likeness=_likeness(case, checker)),
        )
    holding = [trial for matcher in rule.forbids for trial in case.trials(matcher, {clause}) if trial.holds]
    spans = [(case.reading.folded.original_span(*trial.span), trial) for trial in holding]
    exact = next((trial for span, trial in spans if span == (finding.start, finding.end)), None)
    trial = exact if exact is not None else next(iter(holding), None)
    return Trace(case.rule(rule), case.evidence(rule, clause, trial))
