"""The rules that travel with the package, each by itself and all together."""

from __future__ import annotations

import re
from collections import Counter, defaultdict

import pytest

from replyguide.corpus.reader import read_corpus
from replyguide.corpus.rule import Rule
from replyguide.corpus.topics import TOPICS
from replyguide.index.words import fold
from replyguide.resources import shelf

#: How many facts the inventory of the rule documents numbers under each prefix, from 01 on.
INVENTORY = {
    "INV": 34, "SHF": 21, "CRD": 14, "COD": 11, "PRV": 17, "CLO": 7, "OCH": 7, "OPP": 10, "OPC": 6, "STK": 14,
    "SHT": 13, "RET": 12, "RFR": 14, "AFS": 34, "PRM": 13, "FKT": 11, "RVW": 10, "MIS": 13, "CFT": 5, "ADC": 3,
    "ATT": 12, "HAR": 4, "CTY": 5, "OVP": 4, "PRC": 7, "LOG": 17, "PRD": 8, "GRT": 11, "CMP": 27, "RSP": 13, "PEN": 31,
    "SCM": 7, "WRK": 42,
}  # fmt: skip

#: What the rule documents advise and must not be said, told in our own words, with the fact that carries each.
BAD_ADVICE = {
    "OPP-09": "请把货款汇到下面的银行账号，并填写姓名、电话、地址和开户行",
    "OPC-06": "后续我们会用邮件和电话联系您，请留一下联系方式",
    "RVW-09": "再不付款我们就去立案，并给您差评",
    "AFS-31": "您先申请售后，我们会先拒绝",
    "INV-27": "您没有备注要发票，我们以为您不需要",
    "OPP-07": "如果您需要，也可以用别的方式付款",
    "COD-07": "货到付款的订单什么时候发不一定，说不准时间",
    "PRV-12": "请把订单上的原地址完整发过来，我们核对一下就给您改",
    "SHF-17": "发这个快递到您那里要另外加运费，虽然全店包邮",
    "SHF-20": "邮费是快递公司收的，我们只是代收，不能给您包邮",
    "PRC-03": "我们的价格已经是最低的了",
    "STK-08": "这款没有现货，您看看这一款吧",
    "STK-09": "抱歉已经卖完了，我给您登记一下需求",
    "ADC-03": "怎么洗都不会变色，您完全放心",
    "OPC-05": "您可以关注我们的微博和微信公众号",
    "SHT-08": "付款后 42 小时内一定发货",
    "LOG-10": "快递三天左右就到，顺丰两天到",
    "RFR-05": "没有质量问题换货，来回运费都由您出",
    "RVW-07": "差评一周内处理，一个月内要改过来",
    "SHF-21": "订单已经处理了，再加商品要另付一份邮费",
    "AFS-24": "这个毛病是您自己使用不当造成的",
}

RULES = read_corpus(shelf("corpus")).rules
_FACT = re.compile(r"\*\*([A-Z]{2,5}-[0-9]{2,3})\*\*")


def _bare(ask: str) -> str:
    return "".join(character for character in fold(ask) if character.isalnum())


def test_every_topic_of_the_policy_has_a_rule() -> None:
    assert set(TOPICS) == {rule.topic for rule in RULES}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_fact_of_the_front_matter_stands_in_the_body_exactly_once(rule: Rule) -> None:
    assert Counter(_FACT.findall(rule.body)) == Counter(rule.facts)


def test_every_fact_belongs_to_one_rule_alone() -> None:
    owners = defaultdict(list)
    for rule in RULES:
        for fact in rule.facts:
            owners[fact].append(rule.id)

    assert {fact: rules for fact, rules in owners.items() if len(rules) > 1} == {}


def test_no_ask_belongs_to_two_rules() -> None:
    owners = defaultdict(set)
    for rule in RULES:
        for ask in rule.asks:
            owners[_bare(ask)].add(rule.id)

    assert {ask: rules for ask, rules in owners.items() if len(rules) > 1} == {}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_body_has_a_section_of_rules(rule: Rule) -> None:
    assert "## 规则" in rule.body


def test_every_fact_of_the_inventory_stands_in_the_corpus_and_no_other() -> None:
    expected = {f"{prefix}-{number:02}" for prefix, count in INVENTORY.items() for number in range(1, count + 1)}

    assert {fact for rule in RULES for fact in rule.facts} == expected


def test_every_id_is_used_once() -> None:
    assert [name for name, count in Counter(rule.id for rule in RULES).items() if count > 1] == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_no_approved_wording_is_bad_advice_of_the_documents(rule: Rule) -> None:
    for wording in rule.wordings:
        near = {fact: _shared(wording.say, advice) for fact, advice in BAD_ADVICE.items()}
        assert max(near.values()) < 0.7, (wording.say, max(near, key=lambda fact: near[fact]))


def test_a_wording_that_repeats_bad_advice_would_be_noticed() -> None:
    assert _shared("亲，您没备注要发票，我们以为您不需要呢", BAD_ADVICE["INV-27"]) > 0.7


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_rule_names_its_sources_beside_its_facts(rule: Rule) -> None:
    lines = [line for line in rule.body.splitlines() if _FACT.search(line)]

    assert [line for line in lines if not re.search("来源|00[0-4]", line)] == []


def _shared(wording: str, advice: str) -> float:
    """Return the share of the advice's pairs of characters that the wording holds."""
    pairs = _pairs(advice)
    return len(pairs & _pairs(wording)) / len(pairs)


def _pairs(text: str) -> set[str]:
    letters = _bare(text)
    return {letters[at : at + 2] for at in range(len(letters) - 1)}
