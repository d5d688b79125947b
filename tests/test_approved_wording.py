"""Approved wording may be sent as it stands: every one passes the checker, in every situation it is for."""

from __future__ import annotations

import pytest

from replyguide.checker import load_checker
from replyguide.context import Context, Product, Shop
from replyguide.corpus.reader import read_corpus
from replyguide.corpus.rule import Rule
from replyguide.drafting.composer import compose
from replyguide.resources import shelf

CHECKER = load_checker()
RULES = read_corpus(shelf("corpus")).rules

SITUATIONS = {
    "nothing known": Context(),
    "generous shop": Context(
        buyer_verified=True,
        shop=Shop(
            free_shipping="all",
            free_shipping_min_qty=1,
            couriers=["中通", "圆通"],
            cod=True,
            ships_within_hours=48,
            return_7d=True,
            freight_insurance=True,
            promotion="none",
            invoice_days=7,
        ),
        product=Product(price_yuan=699, material="纯棉", gifts=["袜子"], category="服装"),
    ),
    "strict shop": Context(
        buyer_verified=False,
        shop=Shop(free_shipping="mainland", cod=False, return_7d=False, freight_insurance=False, promotion="seckill"),
        product=Product(price_yuan=300, category="定制"),
    ),
    "no free shipping": Context(shop=Shop(free_shipping="none", ships_within_hours=168)),
    "remote areas excepted": Context(
        shop=Shop(free_shipping="except_remote", free_shipping_min_qty=2, promotion="juhuasuan")
    ),
}


@pytest.mark.parametrize("situation", SITUATIONS.values(), ids=SITUATIONS.keys())
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_the_wording_of_a_rule_passes_the_checker_in_both_scripts(rule: Rule, situation: Context) -> None:
    for question in (rule.asks[0], "請問這個可以嗎"):
        reply = compose([rule], question, situation)
        assert reply is not None
        context = situation.model_copy(update={"question": rule.asks[0]})
        result = CHECKER.check(reply, context)
        assert result.verdict == "pass", (reply, [(finding.rule, finding.matched) for finding in result.findings])


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_the_english_wording_passes_too(rule: Rule) -> None:
    reply = compose([rule], "could you please tell me how this works", Context())
    assert reply is not None
    result = CHECKER.check(reply, Context(question="could you please tell me how this works"))
    assert result.verdict == "pass", (reply, [(finding.rule, finding.matched) for finding in result.findings])
