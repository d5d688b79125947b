"""Runs the examples that stand beside the rules: every rule proves itself, and none may flag another's good replies.

Beyond the examples as they stand, each form of a rule is deleted in turn (`deletion.py`), and each violation is
disguised (`disguising.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from replyguide.checker.checking import Checker
from replyguide.checker.finding import CheckResult
from replyguide.checker.proof.deletion import delete_in_turn
from replyguide.checker.proof.disguising import DISGUISES
from replyguide.checker.rules.packs import Example, Rule, example_context
from replyguide.checker.rules.rewording import rewording_problems
from replyguide.errors import PackError

ExampleKind = Literal["found", "pass", "known_gap"]

#: The disguises through which every violating example must be found. The others are counted for information.
MUST_BE_UNDONE: tuple[str, ...] = (
    *("zero-width", "combining", "spaced", "dotted", "emoji"),
    *("full-width", "traditional", "one-per-line", "json", "html", "system-line"),
)


@dataclass(frozen=True, slots=True)
class Failure:
    """An example that does not hold: one Chinese line that says where, what, and what to do."""

    rule: str
    message: str


@dataclass(frozen=True, slots=True)
class Disguised:
    """How many disguised violations were found, of how many; `must_hold` if every one has to be."""

    technique: str
    found: int
    of: int
    must_hold: bool


@dataclass(frozen=True, slots=True)
class Proof:
    """The outcome of `rules test`: counts are of examples run; it holds only if something ran and nothing failed.

    `deletions` counts the forms deleted in turn. A quick proof has neither deletions nor disguises.
    """

    rules: int
    found: int
    passing: int
    known_gaps: int
    failures: tuple[Failure, ...]
    deletions: int = 0
    disguises: tuple[Disguised, ...] = ()
    is_quick: bool = True

    @property
    def holds(self) -> bool:
        """Tell whether the packs are proven: nothing run proves nothing."""
        counts = [self.rules, self.found, self.passing]
        if not self.is_quick:
            counts += [self.deletions, *(disguised.of for disguised in self.disguises), len(self.disguises)]
        return not self.failures and min(counts) > 0

    def as_json(self) -> dict[str, Any]:
        """Return what `rules test --json` prints."""
        return {
            "holds": self.holds,
            "rules": self.rules,
            "examples": {"found": self.found, "pass": self.passing, "known_gaps": self.known_gaps},
            "quick": self.is_quick,
            "deletions": self.deletions,
            "disguises": {
                each.technique: {"found": each.found, "of": each.of, "must_hold": each.must_hold}
                for each in self.disguises
            },
            "failures": [{"rule": failure.rule, "message": failure.message} for failure in self.failures],
        }


def joined(proofs: Sequence[Proof]) -> Proof:
    """Put proofs of one kind together: the counts add up."""
    disguises = [
        Disguised(
            technique,
            sum(each.found for proof in proofs for each in proof.disguises if each.technique == technique),
            sum(each.of for proof in proofs for each in proof.disguises if each.technique == technique),
            technique in MUST_BE_UNDONE,
        )
        for technique in dict.fromkeys(each.technique for proof in proofs for each in proof.disguises)
    ]
    return Proof(
        rules=sum(proof.rules for proof in proofs),
        found=sum(proof.found for proof in proofs),
        passing=sum(proof.passing for proof in proofs),
        known_gaps=sum(proof.known_gaps for proof in proofs),
        failures=tuple(failure for proof in proofs for failure in proof.failures),
        deletions=sum(proof.deletions for proof in proofs),
        disguises=tuple(disguises),
        is_quick=all(proof.is_quick for proof in proofs),
    )


def prove(checker: Checker, layer: Checker | None = None, *, is_quick: bool = False) -> Proof:
    """Run every example of the rules of `layer` (`checker` itself, or what a shop adds to it) against all rules."""
    layer = checker if layer is None else layer
    checker = Checker(checker.packs, checker.own)  # without the second layer, which has learned the examples
    counts: dict[ExampleKind, int] = {"found": 0, "pass": 0, "known_gap": 0}
    failures: list[Failure] = []
    for rule in layer.packs.rules:
        for kind, example in _examples(rule):
            counts[kind] += 1
            message = _problem(checker, rule, kind, example)
            if message is not None:
                failures.append(_failure(rule, message))
        contexts = [example_context(example) for example in rule.spec.violations()]
        problems = rewording_problems(rule.rewordings, contexts, checker.check)
        failures += [_failure(rule, message) for message in problems]
    proof = (len(layer.packs.rules), counts["found"], counts["pass"], counts["known_gap"])
    if is_quick:
        return Proof(*proof, tuple(failures))
    deletions = delete_in_turn(layer, [example for rule in layer.packs.rules for example in rule.spec.examples.passing])
    failures += [Failure(unneeded.rule, unneeded.message) for unneeded in deletions.unneeded]
    disguises = tuple(_disguised(checker, layer, technique, failures) for technique in DISGUISES)
    return Proof(*proof, tuple(failures), deletions.forms, disguises, is_quick=False)


def refuse_unproven(checker: Checker) -> None:
    """Raise a `PackError` if an example of what a shop adds fails: its rules check nothing that they cannot prove."""
    if checker.own is None:
        return
    failures = prove(checker, checker.own, is_quick=True).failures
    if failures:
        raise PackError(failures[0].message)


def _failure(rule: Rule, message: str) -> Failure:
    return Failure(rule.spec.id, f"{rule.file}: {rule.spec.id}: {message}")


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


def _disguised(checker: Checker, layer: Checker, technique: str, failures: list[Failure]) -> Disguised:
    """Check every blocked example in one disguise; one that gets through fails where the technique must hold."""
    disguise, must_hold = DISGUISES[technique], technique in MUST_BE_UNDONE
    found = of = 0
    for rule in layer.packs.rules:
        for example in rule.spec.examples.block:
            of += 1
            if checker.check(disguise(example.unmarked()), example_context(example)).verdict == "block":
                found += 1
            elif must_hold:
                message = f"block 示例用 {technique} 伪装后没有查出：“{example.unmarked()}”。请改进还原或规则"
                failures.append(_failure(rule, message))
    return Disguised(technique, found, of, must_hold)
