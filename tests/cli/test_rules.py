"""`replyguide rules`: list, show, test."""

from __future__ import annotations

from running import Run


def test_every_listed_rule_can_be_shown(run: Run) -> None:
    listed = run("rules", "list", "--json").json["rules"]
    assert len(listed) > 10
    for rule in listed[:5]:
        shown = run("rules", "show", rule["id"], "--json").json
        assert rule["id"] == shown["id"]
        assert shown["examples"]["pass"]


def test_an_unknown_rule_is_one_line_and_status_2(run: Run) -> None:
    outcome = run("rules", "show", "XXX-nothing")
    assert (outcome.status, len(outcome.err.splitlines())) == (2, 1)


def test_the_packs_prove_themselves_with_counts_above_zero(run: Run) -> None:
    outcome = run("rules", "test", "--json")
    assert (outcome.status, outcome.json["holds"], outcome.json["failures"]) == (0, True, [])
    proof = outcome.json
    counts = [proof["rules"], proof["examples"]["found"], proof["examples"]["pass"], proof["deletions"]]
    assert min(counts) > 0
    must_hold = [each for each in proof["disguises"].values() if each["must_hold"]]
    assert len(must_hold) >= 5
    assert all(each["found"] == each["of"] > 0 for each in must_hold)


def test_a_quick_proof_says_that_it_is_one(run: Run) -> None:
    outcome = run("rules", "test", "--quick", "--json")
    assert (outcome.status, outcome.json["quick"], outcome.json["deletions"], outcome.json["disguises"]) == (
        0,
        True,
        0,
        {},
    )


def test_rules_alone_lists_them(run: Run) -> None:
    assert run("rules").out == run("rules", "list").out
