"""Rules for the tests of the drafting room, and no settings of this machine."""

from __future__ import annotations

import pytest
from made_rules import make_rule, worded

from replyguide.conditions import Condition
from replyguide.corpus.rule import Rule

_SETTINGS = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_API_BASE")


@pytest.fixture
def invoice() -> Rule:
    return make_rule(
        "invoice-have",
        worded(
            "发票是有的，交易成功后{{ shop.invoice_days }}天内寄出，邮费由我们承担",
            "Yes, we issue an invoice, mailed within {{ shop.invoice_days }} days",
            shop__invoice_days=Condition(known=True),
        ),
        worded("发票是有的，交易成功后寄出，邮费由我们承担", "Yes, we issue an invoice"),
        must_say=("明确说有", "邮费由店铺承担"),
    )


@pytest.fixture
def postage() -> Rule:
    return make_rule("shipping-fee-page", worded("运费以页面的运费模板为准", "Postage follows the item page"))


@pytest.fixture(autouse=True)
def _no_settings_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in _SETTINGS:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
