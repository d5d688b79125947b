"""Corpus rules made up for tests: everything but the wordings and the must-say points is filler."""

from __future__ import annotations

from replyguide.conditions import Condition
from replyguide.corpus.rule import Audience, MustSay, Rule, Wording


def make_rule(
    rule_id: str,
    *wordings: Wording,
    must_say: tuple[str, ...] = (),
    audience: Audience = "buyer",
    body: str = "## 规则",
) -> Rule:
    """Return a rule with these wordings."""
    return Rule(
        id=rule_id,
        topic="invoice",
        title="买家问有没有发票：一律答有",
        audience=audience,
        platform=("tmall",),
        authority="platform",
        sources=("000",),
        facts=("INV-01",),
        points=(6.0,),
        brief="有发票是法定义务；答没有扣 6 分。",
        asks=("有发票吗",),
        must_say=tuple(MustSay(point, (point,)) for point in must_say),
        wordings=wordings,
        body=body,
        path=f"invoice/{rule_id}.md",
    )


def worded(say: str, en: str = "", **when: Condition) -> Wording:
    """Return a wording; `when` names a fact as `shop__cod` for `shop.cod`."""
    return Wording(say, en, {name.replace("__", "."): condition for name, condition in when.items()})
