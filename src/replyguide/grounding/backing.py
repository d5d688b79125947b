"""What a draft may rest its facts on: shop, product, rules, earlier turns, and the numbers that the buyer named."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from replyguide.checker.language.quantities import quantities
from replyguide.checker.language.reading import Reading
from replyguide.context import Context
from replyguide.corpus.rule import Rule
from replyguide.grounding.claims import MATERIALS, Claim

#: Figures of the policy that hold for every shop, as text: seven days, instalments from 600 yuan, service hours.
_STANDING = "7天无理由退货；24小时；签收后7天内；满600元可以分期"
#: What holds as long as the shop says nothing else.
_DISPATCH = "48小时内发货"
_DIGITS = re.compile(r"\d+(?:\.\d+)?")
_TURNS_READ = 20  # earlier ones are out of sight of model and agent alike
_MOST_PIECES = 10  # a total of more pieces than that is for the page to calculate
# `翡翠吊坠能刷卡吗` names the goods by their material, `是纯棉的吗` asks about it.
_ASKS_MATERIAL = re.compile("材质|材料|面料|成分|什么做|是.{0,8}[吗吧么]|真.{0,6}[吗吧么]|假")
_PAGE = re.compile("页面|详情|规格|参数")


@dataclass(frozen=True, slots=True)
class _Figures:
    """The quantities of a text by unit, all its numbers, those without a unit, and the text itself, folded."""

    text: str
    values: frozenset[tuple[str, float]]
    numbers: frozenset[float]
    bare: frozenset[float]
    materials: frozenset[str]


_UNIT_OF = {"money": "yuan", "time": "hours", "share": "percent", "pieces": "pieces"}


class Backing:
    """The facts that may be stated in answer to one question.

    The buyer's own numbers may be repeated: whether they may be agreed to is for the checker.
    """

    def __init__(self, rules: Sequence[Rule], context: Context, reader: Reading) -> None:
        """Collect them; `reader` lends its lexicon."""
        self._context = context
        texts = [_STANDING, _facts_of(context), *(turn.text for turn in context.history[-_TURNS_READ:])]
        if context.shop.ships_within_hours is None:
            texts.append(_DISPATCH)
        self._told = [_figures(text, reader) for text in texts if text]
        self._told += [_figures_of_rule(rule_text(rule)) for rule in rules]
        self._asked = _figures(context.question, reader) if context.question else None

    def backs(self, claim: Claim) -> bool:
        """Tell whether a claim rests on anything known."""
        if claim.kind == "material":
            named = self._asked is not None and not _ASKS_MATERIAL.search(self._asked.text)
            return any(claim.classes & told.materials for told in (self._with_question() if named else self._told))
        if claim.kind == "gift":
            return self._backs_gift(claim.text)
        if claim.kind == "date":
            return any(claim.text in told.text for told in self._with_question())
        return claim.value is None or self._backs_value(claim, claim.value)

    def _backs_value(self, claim: Claim, value: float) -> bool:
        if claim.kind in ("money", "pieces", "share") and value in (0, 1):
            return True  # nothing, or one of it: no figure that could be wrong
        if any(_tells(told, _UNIT_OF.get(claim.kind), value) for told in self._with_question()):
            return True
        price = self._context.product.price_yuan
        return claim.kind == "money" and price is not None and price > 0 and _is_total(value, price)

    def _backs_gift(self, said: str) -> bool:
        named = [*(self._context.product.gifts or ())]
        if any(name[at : at + 2] in said for name in named for at in range(max(len(name) - 1, 1))):
            return True
        told = (told.text for told in self._told)
        return bool(_PAGE.search(said)) or any(said[:4] in text for text in told)

    def _with_question(self) -> Iterable[_Figures]:
        return self._told if self._asked is None else [*self._told, self._asked]


def rule_text(rule: Rule) -> str:
    """Return everything that a rule tells, for people and for buyers."""
    points = (must_say.point for must_say in rule.must_say)
    return "\n".join([rule.title, rule.brief, *points, *(wording.say for wording in rule.wordings), rule.body])


def _facts_of(context: Context) -> str:
    """Return the facts of shop and product as text: numbers with their units, names as they are."""
    shop, product = context.shop, context.product
    told = [
        f"满{shop.free_shipping_min_qty}件包邮" if shop.free_shipping_min_qty is not None else "",
        f"{shop.ships_within_hours:g}小时内发货" if shop.ships_within_hours is not None else "",
        f"{shop.invoice_days:g}天内补寄" if shop.invoice_days is not None else "",
        f"{product.price_yuan:g}元" if product.price_yuan is not None else "",
        product.material or "",
        *(product.gifts or ()),
        product.category or "",
        *(shop.couriers or ()),
    ]
    return "；".join(part for part in told if part)


def _is_total(value: float, price: float) -> bool:
    return any(abs(value - price * pieces) < 0.01 for pieces in range(2, _MOST_PIECES + 1))


def _figures(text: str, reader: Reading) -> _Figures:
    reading = reader.of_same_lexicon(text)
    folded = reading.folded.text
    materials = {name for token in reading.tokens for name in token.classes & MATERIALS}
    return _with_numbers(folded, frozenset(materials))


@lru_cache(maxsize=512)
def _figures_of_rule(text: str) -> _Figures:
    return _with_numbers(text, frozenset())


def _with_numbers(text: str, materials: frozenset[str]) -> _Figures:
    found = quantities(text)
    spans = [(one.start, one.end) for one in found]
    numbers = [(float(match[0]), match.start()) for match in _DIGITS.finditer(text)]
    return _Figures(
        text,
        frozenset((one.unit, one.value) for one in found),
        frozenset(number for number, _ in numbers),
        frozenset(number for number, at in numbers if not any(start <= at < end for start, end in spans)),
        materials,
    )


def _tells(told: _Figures, unit: str | None, value: float) -> bool:
    """Tell whether a text has the value in that unit, or without any: `七天` backs no `7元`."""
    return value in told.numbers if unit is None else (unit, value) in told.values or value in told.bare
