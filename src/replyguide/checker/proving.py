"""Runs the examples that stand beside the rules: every rule proves itself, and none may flag another's good replies."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from replyguide.checker.checking import Checker
from replyguide.checker.finding import CheckResult
from replyguide.checker.packs import Example, Rule, example_context
from replyguide.checker.rewording import rewording_problems

ExampleKind = Literal["found", "pass", "known_gap"]


@dataclass(frozen=True, slots=True)
class Failure:
    """An example that does not hold: one Chinese line that says where, what, and what to do."""

    rule: str
    message: str


@dataclass(frozen=True, slots=True)
class Proof:
    """The outcome of `rules test`: counts are of examples run; it holds only if something ran and nothing failed."""

    rules: int
    found: int
    passing: int
    known_gaps: int
    failures: tuple[Failure, ...]

    @property
    def holds(self) -> bool:
        """Tell whether the packs are proven: nothing run proves nothing."""
        return not self.failures and min(self.rules, self.found, self.passing) > 0


def prove(checker: Checker) -> Proof:
    """Run every example of every rule against all rules, without the second layer: it has learned the examples."""
    checker = Checker(checker.packs)
    counts: dict[ExampleKind, int] = {"found": 0, "pass": 0, "known_gap": 0}
    failures: list[Failure] = []
    for rule in checker.packs.rules:
        for kind, example in _examples(rule):
            counts[kind] += 1
            message = _problem(checker, rule, kind, example)
            if message is not None:
                failures.append(Failure(rule.spec.id, f"{rule.file}: {rule.spec.id}: {message}"))
        contexts = [example_context(example) for example in rule.spec.violations()]
        for message in rewording_problems(rule.rewordings, contexts, checker.check):
            failures.append(Failure(rule.spec.id, f"{rule.file}: {rule.spec.id}: {message}"))
    return Proof(len(checker.packs.rules), counts["found"], counts["pass"], counts["known_gap"], tuple(failures))


def _examples(rule: Rule) -> Iterator[tuple[ExampleKind, Example]]:
    examples = rule.spec.examples
    yield from (("found", example) for example in (*examples.block, *examples.warn))
    yield from (("pass", example) for example in examples.passing)
    yield from (("known_gap", example) for example in examples.known_gaps)


def _problem(checker: Checker, rule: Rule, kind: ExampleKind, example: Example) -> str | None:
    reply = example.unmarked()
    result = checker.check(reply, example_context(example))
    ids = {finding.rule for finding in result.findings}
    if kind == "found":
        return _span_problem(rule, example, result)
    if kind == "pass" and result.verdict != "pass":
        return f"pass 示例被 {'、'.join(sorted(ids))} 误报：“{reply}”。请收窄规则或改示例"
    if kind == "known_gap" and rule.spec.id in ids:
        return f"known_gaps 里的“{reply}”现在能查出了。请移到 {rule.spec.level} 示例"
    return None


def _span_problem(rule: Rule, example: Example, result: CheckResult) -> str | None:
    reply = example.unmarked()
    spans = [(finding.start, finding.end) for finding in result.findings if finding.rule == rule.spec.id]
    if not spans:
        return f"{rule.spec.level} 示例没有查出：“{reply}”。请放宽规则或移到 known_gaps"
    marked = example.marked_span()
    if marked is not None and not any(start < marked[1] and marked[0] < end for start, end in spans):
        return f"查出的字不在 [[…]] 里：“{reply}”查出的是“{reply[spans[0][0] : spans[0][1]]}”。请改正标记"
    return None
