"""What the shipped rules offer instead, and where they say that the documents disagree."""

from __future__ import annotations

import re

import pytest

from replyguide.checker import load_checker
from replyguide.checker.rules.packs import Rule
from replyguide.context import Context, Shop

PACKS = load_checker().packs

#: The last table of the reply policy, as far as the checker's rules rest on it: rule, words of the point, sources.
DISPUTED = [
    ("CRD-refuse", "信用卡扣几分", {"000", "001", "002"}),
    ("CRD-instalment", "哪些银行", {"000", "002"}),
    ("SHF-ask", "包邮承诺收运费扣几分", {"000", "001", "002"}),
    ("CLO-close", "代关订单扣几分", {"000", "001", "002"}),
    ("CLO-close", "买家要求时能不能代关", {"000"}),
    ("OPP-ask", "汇款", {"000", "001", "002"}),
    ("OPP-agree", "买家主动要求", {"000"}),
    ("PRV-tell", "泄露买家信息扣几分", {"000", "001", "002"}),
    ("PRV-confirm", "地址", {"000", "002"}),
    ("INV-refuse", "保证金", {"000"}),
    ("RFR-fault", "无理由换货", {"000", "004"}),
    ("SHT-late", "几小时内发货", {"002", "004"}),
    ("STK-out", "赔多少", {"000", "001", "002"}),
]


@pytest.mark.parametrize("rule", PACKS.rules, ids=lambda rule: rule.spec.id)
def test_a_rewording_is_a_complete_and_polite_reply(rule: Rule) -> None:
    for spec in rule.spec.reword:
        assert spec.say.startswith("亲，")
        assert spec.say.endswith("谢谢您")
        assert len(spec.say) >= 15


@pytest.mark.parametrize(("rule_id", "about", "sources"), DISPUTED)
def test_each_disagreement_of_the_policy_stands_in_its_rule(rule_id: str, about: str, sources: set[str]) -> None:
    rule = PACKS.rule(rule_id)
    assert rule is not None
    found = [dispute for dispute in rule.spec.disputed if about in dispute.about]
    assert [{source for one in dispute.says for source in one.sources} for dispute in found] == [sources]


@pytest.mark.parametrize("rule", PACKS.rules, ids=lambda rule: rule.spec.id)
def test_disputed_points_stand_the_stricter_first(rule: Rule) -> None:
    for dispute in rule.spec.disputed:
        points = [re.search(r"(\d+) 分(?!别)", one.figure) for one in dispute.says]
        told = [int(found[1]) for found in points if found is not None]
        assert told == sorted(told, reverse=True), dispute.about


def test_a_rewording_fits_the_facts_of_the_shop() -> None:
    rule = PACKS.rule("SHT-late")
    assert rule is not None
    assert "48小时" in rule.reword(Context())
    assert "48小时" not in rule.reword(Context(shop=Shop(ships_within_hours=24)))
