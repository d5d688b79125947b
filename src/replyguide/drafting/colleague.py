"""A colleague's own question (`扣几分`, `我能帮他关单吗`): how it is told from a buyer's, and how it is answered.

An agent types both into the same box. A colleague speaks of buyers in the third person, of his shift, his fines, his
points; a buyer speaks to the shop. Where both are heard, it is a buyer: an internal answer must not be taken for a
reply. Bots and whoever else knows who asks say so in `asker`, and nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from replyguide.context import Context
from replyguide.drafting import phrases
from replyguide.drafting.wording import for_colleague

if TYPE_CHECKING:
    from replyguide.corpus.rule import Rule

_SPEAKS_OF_BUYERS = re.compile(
    r"(?<!别的)(?<!其他)(?<!其它)(?<![是为身老新对])(?:买家|顾客|客人)(?!秀|评|须知|都说|们都|反馈)"
    r"|(?<![送给新老])(?<!公司)客户(?!端|群)|(?:有|碰到|遇到|这)个?(?:号|人|亲)(?!在|回|管|理我|接)(?=[^，。？?]{2})"
    r"|(?:给|帮|催|答应|拒绝|回复|怼)(?:他|她)"
)
_SPEAKS_OF_THE_DESK = re.compile(
    r"交接|排班|轮休|[早晚夜]班|值班|绩效|考核|工资|主管|师傅(?=带|教|[没得拿]|有?奖)|[我带个]师傅|新人(?!价|券|[礼专优])|岗前|[上到]岗|例会|[周日]报|日总结|子账号|售前|巡店"
    r"|后台|(?:新|商品|宝贝)链接|上架(?:之?前|新品)|开场白|话术|(?:该)?怎么回(?:他|她|买家)|(?:我|咱)们?(?:店|类目)|没客人"
    r"|罚(?:我|多少|吗|款|法|几)|被罚"
)
_SPEAKS_OF_POINTS = re.compile(
    r"(?:扣|掉|记|算)(?:几|多少|\d+|[一二三四六八十两]+)分?|扣分|扣多少|(?:一般|严重)违规|清零|算(?:哪|什么)[^，。？?]{0,3}违规"
    r"|判(?:下来|违规)|[是算不]违规|处罚|平台(?:会)?(?:怎么)?[处判]"
)
_SPEAKS_TO_THE_SHOP = re.compile(
    r"你们|你家|贵店|您|你(?!好)|卖家|店家|商家|掌柜|老板(?!说)|亲[，,~ ]"
    r"|客服(?!要|该|能|先|常|的?(?:职责|岗位|工作|流程|考核|分工)|岗|培训)"
    r"|(?<![不绝给])退(?:货|款)(?:的话)?[要会得还]{0,2}扣(?:多少(?!分)|[钱什运手])"
    r"|赔我|给我(?!们)|帮我|告诉我|我(?:刚|昨天|今天|前天|上周)?(?:买|拍|付|下单|退货|收到)|\b(?:you|your)\b",
    re.IGNORECASE,
)
_SOUNDS_LIKE_ONE = 0.0
_MAY_BE_ONE = -0.2
_LONGEST_STATEMENTS = 160  # characters
_MOST_STATEMENTS = 2


def voices_a_colleague(question: str) -> bool:
    """Tell whether a question speaks of buyers, of the desk or of points, and not to the shop."""
    voices = (_SPEAKS_OF_BUYERS, _SPEAKS_OF_THE_DESK, _SPEAKS_OF_POINTS)
    return not _SPEAKS_TO_THE_SHOP.search(question) and any(voice.search(question) for voice in voices)


def asked_by_colleague(question: str, sounds: float) -> bool:
    """Tell whether a question whose asker is not known is a colleague's.

    `sounds` is how much it sounds like one to the topic model (`SearchResult.colleague`, -0.5..0.5). Chosen on the dev
    questions: of those that colleagues ask 45 of 50 are told, and 8 of 460 buyers' taken for them, most of which could
    be either's.
    """
    if _SPEAKS_TO_THE_SHOP.search(question):
        return False
    return sounds > _SOUNDS_LIKE_ONE or (sounds > _MAY_BE_ONE and voices_a_colleague(question))


def internal_answers(rules: Sequence[Rule], question: str, context: Context) -> tuple[str, ...]:
    """Return the facts for a colleague, marked as internal, the fullest answer first; empty if the rules hold none.

    Each rule gives its wording for colleagues or its brief; the fuller answer adds those statements of the main rule
    that share most with the question.
    """
    told = [phrases.without_end(for_colleague(rule, context)) for rule in rules]
    facts = list(dict.fromkeys(fact for fact in told if fact))
    if not facts:
        return ()
    answer = phrases.INTERNAL + "；".join(facts) + "。"
    grounds = "；".join(_telling(rules[0], question, "".join(facts)))
    return (f"{answer}规定：{grounds}。", answer) if grounds else (answer,)


def _telling(rule: Rule, question: str, told: str) -> list[str]:
    """Choose the statements of `rule` that share most with the question and are not told yet."""
    asked = _pairs(question)
    scored = []
    for statement in rule.statements():
        new = _pairs(statement) - _pairs(told)
        if len(new) * 2 > len(_pairs(statement)):
            scored.append((len(asked & _pairs(statement)), statement))
    scored.sort(key=lambda one: -one[0])
    chosen: list[str] = []
    for shared, statement in scored[:_MOST_STATEMENTS]:
        if shared and len("".join(chosen)) + len(statement) <= _LONGEST_STATEMENTS:
            chosen.append(statement)
    return chosen


def _pairs(text: str) -> set[str]:
    return {text[at : at + 2] for at in range(len(text) - 1) if text[at : at + 2].isalnum()}
