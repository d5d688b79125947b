"""What could excuse the words at one place of a reply, each exemption weighed and told in words."""

from __future__ import annotations

import re
from collections.abc import Iterator

from replyguide.checker.language.reading import Clause, Token
from replyguide.checker.language.subjects import subject_of
from replyguide.checker.rules.facts import bound_of
from replyguide.checker.rules.forms import Form, Number, Term
from replyguide.checker.rules.matching import subject_holds
from replyguide.checker.why.explanation import Exemption, NumberShown, Relation
from replyguide.checker.why.fact_words import name_of_fact
from replyguide.context import Context

SCOPES = {"clause": "这一小句里", "sentence": "这句话里", "reply": "整条回复里"}
UNITS = {"hours": "小时", "yuan": "元", "percent": "%", "pieces": "件"}
_TWICE_DENIED = re.compile(
    "(?:不[是会能可该存]|并非|没有?|哪[有会]|怎么[会能可]|从不|绝不)[^，。？]{0,8}(?:不|没|无|拒)"
)
_OTHER_ACTOR = {
    "shop": "动作不是店铺做的",
    "buyer": "动作不是要买家做的",
    "not_shop": "动作是店铺自己做的",
    "not_buyer": "动作是买家自己做的",
}
_ACTORS = {"shop": "做动作的是店铺", "buyer": "做动作的是买家", None: "没有写明由谁来做"}


def polarity(terms: tuple[Term, ...], token: Token, text: str, clause: Clause) -> Exemption | None:
    """Weigh the negation of an act: it excuses a deed, and a denial is excused by being denied in turn.

    `None` where it cannot matter: the form takes either, or asks for a denial where nothing is denied at all.
    """
    wanted = {term.negated for term in terms}
    if wanted == {False}:
        because = f"“{text}”被否定了" if token.is_negated else f"“{text}”没有被否定"
        return Exemption("polarity", "这个意思被否定（不、没有、不会……）", token.is_negated, because)
    if wanted == {True} and token.is_negated:
        return Exemption("polarity", "双重否定", False, f"“{text}”被否定，没有第二重否定来抵消")
    if wanted == {True} and _TWICE_DENIED.search(clause.text):
        return Exemption("polarity", "双重否定", True, f"“{text}”被否定了两次，等于肯定")
    return None


def manners_of_speech(form: Form, clause: Clause, *, is_quoted: bool) -> Iterator[Exemption]:
    """Weigh whether the words are somebody else's, a question, or only supposed."""
    whose = "是引用、转述的话，不是店铺自己的意思" if is_quoted else "是店铺自己说的话"
    yield Exemption("quotation", "引用或转述买家的话", is_quoted, whose)
    asked = _stands("提问", clause.is_question, counts=form.in_question)
    yield Exemption("question", "是在提问", clause.is_question and not form.in_question, asked)
    supposed = _stands("说假设", clause.is_conditional, counts=form.in_condition)
    yield Exemption(
        "condition", "是在说假设（如果、……的话）", clause.is_conditional and not form.in_condition, supposed
    )


def _stands(what: str, stands: bool, *, counts: bool) -> str:
    if not stands:
        return f"这一小句不是在{what}"
    return f"这一小句是在{what}，但这条规则照样查" if counts else f"这一小句是在{what}"


def actor(form: Form, clause: Clause, start: int) -> Iterator[Exemption]:
    """Weigh who acts, where the form cares."""
    if form.subject is not None:
        excused = not subject_holds(form.subject, clause, start)
        yield Exemption("subject", _OTHER_ACTOR[form.subject], excused, _ACTORS[subject_of(clause, start)])


def limits(number: Number, context: Context) -> list[tuple[Relation, float, str]]:
    """Return each bound of a number as relation (`above`, `below`), value, and where the value comes from."""
    found: list[tuple[Relation, float, str]] = []
    bounds: tuple[tuple[Relation, float | str | None], ...] = (("above", number.above), ("below", number.below))
    for relation, bound in bounds:
        value = bound_of(bound, number, context)
        if value is not None:
            found.append((relation, value, _basis(bound, context)))
    return found


def _basis(bound: float | str | None, context: Context) -> str:
    if not isinstance(bound, str):
        return "规则写明"
    known = context.get(bound) is not None
    return f"按{name_of_fact(bound)}" if known else f"{name_of_fact(bound)}未知，按默认"


def amount(shown: tuple[NumberShown, ...], *, is_beyond: bool) -> Exemption:
    """Weigh a quantity against its bounds."""
    first = shown[0]
    unit = UNITS[first.unit]
    told = "、".join(
        f"{'上' if one.relation == 'above' else '下'}限 {one.limit:g} {unit}（{one.basis}）" for one in shown
    )
    return Exemption("number", "数字没有越过界限", not is_beyond, f"“{first.text}”是 {first.value:g} {unit}，{told}")
