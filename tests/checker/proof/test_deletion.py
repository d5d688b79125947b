"""Each form of a rule is needed by an example, or told to be dead weight."""

from __future__ import annotations

from typing import Any

import pytest
from pack_files import document, rule

from replyguide.checker.checking import Checker
from replyguide.checker.proof.deletion import Deletions, delete_in_turn
from replyguide.checker.rules.packs import Example, packs_of

WORDS = {"our_belittling": ["次品"], "our_worse": ["不行"], "our_decline": ["不评价"], "our_hear": ["听说"]}


def deletions(*, more: tuple[dict[str, Any], ...] = (), passing: tuple[str, ...] = (), **changes: Any) -> Deletions:
    documents = {"tmall/ours.yaml": document(words=WORDS, rules=[rule(**changes), *more])}
    checker = Checker(packs_of(documents, "digest"))
    return delete_in_turn(checker, [Example(reply=reply) for reply in passing])


def unneeded(found: Deletions) -> list[tuple[str, str, int]]:
    return [(each.rule, each.form.part, each.number) for each in found.unneeded]


def test_the_only_form_that_finds_an_example_is_needed() -> None:
    found = deletions()
    assert (found.forms, unneeded(found)) == (1, [])


def test_a_form_that_finds_no_example_is_dead_weight() -> None:
    found = deletions(forbids=[{"act": "our_belittling", "about": "our_rival"}, {"act": "our_worse"}])
    assert (found.forms, unneeded(found)) == (2, [("OUR-rivals", "forbids", 2)])


def test_two_forms_that_find_the_same_words_are_both_dead_weight() -> None:
    assert len(deletions(forbids=[{"act": "our_belittling"}, {"about": "our_rival"}]).unneeded) == 2


def test_a_form_that_finds_other_words_than_the_marked_ones_proves_nothing() -> None:
    found = deletions(
        forbids=[{"act": "our_belittling", "about": "our_rival"}, {"act": "our_hear"}],
        examples={"block": ["亲，听说，[[别家都是次品]]哦"], "pass": ["亲，您放心拍哦"]},
    )
    assert unneeded(found) == [("OUR-rivals", "forbids", 2)]


def test_an_excuse_is_needed_if_a_pass_example_would_be_flagged_without_it() -> None:
    excuses = [{"act": "our_decline", "scope": "reply"}]
    found = deletions(unless=excuses, passing=("亲，说别家是次品不好，我们不评价哦",))
    assert (found.forms, unneeded(found)) == (2, [])


@pytest.mark.parametrize("passing", ["亲，我们不评价哦", "亲，别家的情况我们不了解哦"])
def test_an_excuse_is_dead_weight_if_nothing_would_be_flagged_without_it(passing: str) -> None:
    found = deletions(unless=[{"act": "our_decline", "scope": "reply"}], passing=(passing,))
    assert unneeded(found) == [("OUR-rivals", "unless", 1)]


def test_a_form_that_two_rules_of_a_file_share_is_proven_once() -> None:
    other = rule(id="OUR-others", when=[{"shop.cod": True}], examples={"block": ["亲，[[别家不行]]哦"], "pass": ["亲"]})
    found = deletions(more=(other,))
    assert (found.forms, unneeded(found)) == (1, [])


def test_the_message_tells_file_rule_form_and_mend() -> None:
    message = deletions(forbids=[{"act": "our_belittling"}, {"act": "our_worse"}]).unneeded[0].message
    assert message.startswith(
        "tmall/ours.yaml: OUR-rivals: forbids 第 2 项 {act: our_worse} 删掉以后没有示例变红。请补一个"
    )


def test_deleting_an_unneeded_form_leaves_every_example_found_and_a_needed_one_does_not() -> None:
    forms = [{"act": "our_belittling", "about": "our_rival"}, {"act": "our_worse"}]
    for number, still_found in ((0, False), (1, True)):
        kept = [form for place, form in enumerate(forms) if place != number]
        checker = Checker(packs_of({"tmall/ours.yaml": document(words=WORDS, rules=[rule(forbids=kept)])}, "digest"))
        assert (checker.check("亲，别家都是次品哦").verdict == "block") is still_found
