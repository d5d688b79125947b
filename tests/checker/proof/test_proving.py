"""A proof counts what it ran, and holds only if something ran and nothing failed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from pack_files import document, rule

from replyguide.checker.checking import Checker
from replyguide.checker.proof import proving
from replyguide.checker.proof.proving import Disguised, Proof, joined, prove
from replyguide.checker.rules.packs import packs_of

SOUND = Proof(1, 1, 1, 0, (), 1, (Disguised("spaced", 1, 1, must_hold=True),), is_quick=False)


def proof_of(*, is_quick: bool = False, **changes: Any) -> Proof:
    return prove(Checker(packs_of({"tmall/ours.yaml": document(rules=[rule(**changes)])}, "digest")), is_quick=is_quick)


def test_a_sound_rule_is_proven_with_counts_of_everything() -> None:
    proof = proof_of()
    assert [failure.message for failure in proof.failures] == []
    assert proof.holds
    assert (proof.rules, proof.found, proof.passing, proof.known_gaps, proof.deletions) == (1, 1, 1, 0, 1)
    assert {each.of for each in proof.disguises} == {1}


def test_a_quick_proof_leaves_deletion_and_disguise_out() -> None:
    proof = proof_of(is_quick=True)
    assert proof.holds
    assert (proof.deletions, proof.disguises) == (0, ())


def test_a_form_that_no_example_needs_breaks_the_proof() -> None:
    proof = proof_of(forbids=[{"act": "our_belittling"}, {"act": "our_belittling", "about": "our_rival"}])
    assert not proof.holds
    assert {failure.rule for failure in proof.failures} == {"OUR-rivals"}


def test_a_disguise_that_gets_through_breaks_the_proof(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proving, "DISGUISES", {"spaced": lambda reply: reply.replace("次品", "好货")})
    proof = proof_of()
    assert not proof.holds
    assert proof.disguises == (Disguised("spaced", 0, 1, must_hold=True),)
    assert "OUR-rivals: block 示例用 spaced 伪装后没有查出" in proof.failures[0].message


def test_a_disguise_that_need_not_hold_is_counted_for_information(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proving, "DISGUISES", {"spaced": str, "diluted": "的".join})
    proof = proof_of()
    assert proof.holds
    assert Disguised("diluted", 0, 1, must_hold=False) in proof.disguises


@pytest.mark.parametrize(
    "changes",
    [
        {"rules": 0},
        {"found": 0},
        {"passing": 0},
        {"deletions": 0},
        {"disguises": ()},
        {"disguises": (Disguised("spaced", 0, 0, must_hold=True),)},
    ],
    ids=str,
)
def test_nothing_run_proves_nothing(changes: dict[str, Any]) -> None:
    assert SOUND.holds
    assert not replace(SOUND, **changes).holds


def test_proofs_add_up() -> None:
    both = joined([SOUND, replace(SOUND, found=3)])
    assert (both.rules, both.found, both.deletions, both.holds) == (2, 4, 2, True)
    assert both.disguises == (Disguised("spaced", 2, 2, must_hold=True),)
    assert not joined([SOUND, replace(SOUND, failures=(proving.Failure("OUR-rivals", "…"),))]).holds
