"""Findings on facts that nothing backs: what a model made up.

They are warnings, as the reply policy has `overpromise`; a statement that contradicts a known fact is for the checker,
which blocks it. A range (`3到5天`) is taken at its upper end, as everywhere.
"""

from __future__ import annotations

from collections.abc import Sequence

from replyguide.checker import Finding
from replyguide.checker.language.reading import Reading
from replyguide.context import Context
from replyguide.corpus.rule import Rule
from replyguide.grounding.backing import Backing
from replyguide.grounding.claims import Kind, claims

#: The ids of these findings are this and the kind of the claim.
PREFIX = "DRAFT-unbacked-"
_NAMES: dict[Kind, str] = {
    "money": "金额",
    "time": "时间",
    "share": "比例",
    "pieces": "件数",
    "date": "日期",
    "material": "材质",
    "gift": "赠品",
    "number": "数字",
}
#: A wrong one of these describes the goods; a wrong one of the others promises something.
_DESCRIBES = frozenset({"material", "number", "pieces"})
# A warning is not enough where it costs money: an approved answer goes out instead.
_COSTLY = frozenset({"money", "gift"})
_MOST = 8  # findings on one draft; nobody reads more


def unbacked(reading: Reading, rules: Sequence[Rule], context: Context) -> list[Finding]:
    """Return a finding for every fact of a draft that neither shop, product, rules nor history back."""
    stated = claims(reading)
    if not stated:
        return []
    backing = Backing(rules, context, reading)
    return [_finding(reading, claim.kind, claim.start, claim.end) for claim in stated if not backing.backs(claim)][
        :_MOST
    ]


def is_costly(finding: Finding) -> bool:
    """Tell whether what is not backed would cost the shop or the buyer money: amounts and gifts."""
    return finding.rule.startswith(PREFIX) and finding.rule.removeprefix(PREFIX) in _COSTLY


def _finding(reading: Reading, kind: Kind, start: int, end: int) -> Finding:
    first, last = reading.folded.original_span(start, end)
    name = _NAMES[kind]
    return Finding(
        rule=f"{PREFIX}{kind}",
        topic="misdescription" if kind in _DESCRIBES else "overpromise",
        level="warn",
        start=first,
        end=last,
        matched=reading.folded.original[first:last],
        why=f"这个{name}在店铺、商品、规则和之前的对话里都没有依据，说错了就是描述不符或没有依据的承诺。",
        fix=f"核对{name}后再写；不知道就请买家以详情页为准。",
        reword="亲，具体信息请以商品详情页为准哦，有不清楚的我帮您核实，谢谢您",
        points=(),
        sources=("policy",),
    )
