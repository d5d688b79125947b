"""The shortlist of forms that a reply can hold."""

from __future__ import annotations

from replyguide.checker import load_checker
from replyguide.checker.language.reading import Reading
from replyguide.checker.rules.packs import Packs
from replyguide.checker.rules.shortlist import Shortlist


def by_looking_at_every_form(packs: Packs, reading: Reading) -> list[tuple[str, int]]:
    return [
        (rule.spec.id, len(possible))
        for rule in packs.rules
        if (possible := [matcher for matcher in rule.forbids if matcher.is_possible(reading)])
    ]


def test_it_leaves_out_no_form_that_may_hold_and_keeps_the_order() -> None:
    packs = load_checker().packs
    shortlist = Shortlist(packs.rules)
    examples = [example for rule in packs.rules for example in (*rule.spec.examples.block, *rule.spec.examples.passing)]
    assert len(examples) > 1000

    for example in examples:
        reading = Reading(example.unmarked(), packs.lexicon)
        found = [(rule.spec.id, len(matchers)) for rule, matchers in shortlist.possible(reading)]
        assert found == by_looking_at_every_form(packs, reading)
