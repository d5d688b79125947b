"""The points that a good answer holds."""

from __future__ import annotations

from dataclasses import replace

from made_rules import make_rule, worded

from replyguide.corpus.rule import MustSay
from replyguide.grounding.points import Coverage, coverage

RULE = replace(
    make_rule("invoice", worded("有")),
    must_say=(MustSay("明确说有", ("可以开", "有发票|发票有")), MustSay("邮费由店铺承担", ("不用您出邮费",))),
)


def test_a_point_is_held_by_any_of_its_patterns() -> None:
    assert coverage("亲，发票有的，不用您出邮费哦", [RULE]) == Coverage(2, ())


def test_what_is_left_out_is_named() -> None:
    assert coverage("亲，可以开的哦", [RULE]) == Coverage(2, ("邮费由店铺承担",))


def test_the_script_does_not_matter() -> None:
    assert coverage("親，發票有的哦", [RULE]).missing == ("邮费由店铺承担",)


def test_without_rules_nothing_is_asked() -> None:
    assert coverage("亲", []) == Coverage(0, ())
