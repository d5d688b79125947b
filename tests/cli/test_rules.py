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
    assert (outcome.status, outcome.json["holds"]) == (0, True)
    assert min(outcome.json["rules"], outcome.json["examples"]["found"], outcome.json["examples"]["pass"]) > 0


def test_rules_alone_lists_them(run: Run) -> None:
    assert run("rules").out == run("rules", "list").out
