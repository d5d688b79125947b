"""A report as JUnit XML, which CI servers list and keep: a test a figure with a threshold, a test a failing case."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from replyguide.evals.metrics import Metric
from replyguide.evals.report import Report


def write_junit(report: Report, path: Path) -> None:
    """Write the file; a figure fails where it misses its threshold or is significantly worse than the baseline."""
    from junitparser import Failure, JUnitXml, Skipped, TestCase, TestSuite

    def suite(name: str, tests: Iterable[tuple[str, str | None]], outcome: type[Failure | Skipped]) -> TestSuite:
        made = TestSuite(f"{report.suite}.{name}")
        for test, message in tests:
            case = TestCase(test, made.name)
            if message is not None:
                case.result = [outcome(message)]
            made.add_testcase(case)
        return made

    compared = ((one.metric, _worse(report, one.metric)) for one in report.differences)
    missed = ((f"{miss.why} {miss.case}", f"{miss.text} 应为 {miss.wanted}，实际 {miss.got}") for miss in report.misses)
    file = JUnitXml("replyguide eval")
    file.add_testsuite(suite("thresholds", map(_threshold, _bounded(report)), Failure))
    file.add_testsuite(suite("baseline", compared, Failure))
    # Cases that fail are told and fail no build: the thresholds say how many of them may.
    file.add_testsuite(suite("cases", missed, Skipped))
    file.write(str(path), pretty=True)


def _bounded(report: Report) -> list[Metric]:
    return [metric for metric in report.metrics if metric.least is not None or metric.most is not None]


def _threshold(metric: Metric) -> tuple[str, str | None]:
    bounds = f"least {metric.least}, most {metric.most}"
    return metric.name, None if metric.holds else f"{metric.value:.4f} ({metric.total} cases), {bounds}"


def _worse(report: Report, name: str) -> str | None:
    [one] = [one for one in report.differences if one.metric == name]
    if not one.is_worse:
        return None
    return f"{one.lost} of {one.compared} cases got worse, {one.gained} better, p = {one.p:.2g}"
