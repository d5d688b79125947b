"""Every violation that a pack shows is still found when it is disguised; what is not reached is said by technique."""

from __future__ import annotations

import pytest

from replyguide.checker.checking import Checker
from replyguide.checker.proof.disguising import DISGUISES, NEVER_MISSED
from replyguide.checker.rules.loading import load_packs
from replyguide.checker.rules.packs import Example, Rule, example_context
from replyguide.resources import packs_folder

#: The share of the packs' examples that a rule must still find. A text written from its end is recognised by how a
#: reply ends, and English is not, so that technique is not reached in full.
LEAST = {name: 1.0 if name in NEVER_MISSED else 0.99 for name in DISGUISES} | {"backwards": 0.85}


@pytest.fixture(scope="module")
def checker() -> Checker:
    return Checker(load_packs(packs_folder()))


@pytest.fixture(scope="module")
def violations(checker: Checker) -> list[tuple[Rule, Example]]:
    return [
        (rule, example)
        for rule in checker.packs.rules
        for example in (*rule.spec.examples.block, *rule.spec.examples.warn)
    ]


@pytest.mark.parametrize("technique", DISGUISES)
def test_a_disguised_example_is_still_found(
    checker: Checker, violations: list[tuple[Rule, Example]], technique: str
) -> None:
    disguise = DISGUISES[technique]
    missed = [
        f"{rule.spec.id}: {example.unmarked()}"
        for rule, example in violations
        if rule.spec.id not in _found(checker, disguise(example.unmarked()), example)
    ]
    found = len(violations) - len(missed)
    assert found >= LEAST[technique] * len(violations) > 0, f"{technique}: {found} of {len(violations)}; {missed[:5]}"


@pytest.mark.parametrize("technique", DISGUISES)
def test_a_disguise_changes_the_text_and_always_in_the_same_way(technique: str) -> None:
    reply = "親，ok 加我微信 QQ12345，谢谢您！" if technique == "full-width" else "亲，加我微信 QQ12345，谢谢您！发票"
    assert DISGUISES[technique](reply) != reply
    assert DISGUISES[technique](reply) == DISGUISES[technique](reply)


def _found(checker: Checker, reply: str, example: Example) -> set[str]:
    return {finding.rule for finding in checker.check(reply, example_context(example)).findings}
