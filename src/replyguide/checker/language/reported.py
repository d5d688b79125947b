"""What a reply reports of the buyer in order to reject it: `您说的加6个点是别家的说法`, `您说打到私人账户，这样不安全`.

Such words are the buyer's, like those in quotation marks. Only rejected ones count: `您说的微信可以的` is an offer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from replyguide.checker.language.polarity import Stretch

_REPORTED = re.compile(
    r"(?:您|你)(?:刚才?|刚刚|上面|前面)?(?:说|问|提|讲|反映|听说|听|看|看见|遇|碰|收|转述)到?的?"
    r"(?P<said>[^，。？]{1,16}?)(?=是|不|没|我们|咱|这边|本?店|暂|目前|并|$)"
)
# `您担心的是先点发货、货还在厂里`: nobody says that it is so, whether it is rejected or not.
_FEARED = re.compile(
    r"(?:您|你)(?:是|在)?(?:担心|担忧|顾虑|害怕|怕)(?:的)?(?:是|就是)?"
    r"(?P<said>[^，。？]{1,20}?)(?=可以|的话|就|我|咱|这边|本店|不会|不存在|没有|都|建议|请|$)"
)
# `一楼说的不收信用卡是误会`, `昨天说缺货是口误`: somebody said that the shop refuses, and it is set right. To take a
# promise back is no such thing (`昨天说不收运费是口误`).
_RUMOUR = re.compile(
    r"(?:说|讲|传|写|告诉您)(?:的|过|我们|咱们|店里|您)*(?P<said>(?:[^，。？]{0,6}(?:不(?!收运|收邮|用|要|加|扣|另)|没|缺|断|拒|停|假|仿))[^，。？]{0,10}?)"
    r"(?:的)?(?:都|那)?(?:是|属于)(?:个)?(?:误会|口误|误传|谣|假消息|搞错|弄错|说错|旧消息)"
)
# `不存在刷卡补差的说法`: neither is true. That what is due is unknown here refuses (`没有退货这回事`).
_NO_SUCH = re.compile(
    r"(?:没有?|不存在|哪有|哪来)(?P<said>[^，。？]{0,8}(?:不|没|拒|收|加|扣|补差|要|才|先|限|假|仿|骗|坑|换)[^，。？]{0,10}?)"
    r"(?:的|这|那)(?:种|个|回|样|一|么)*(?:说法|规定|规矩|道理|事儿?|讲究|要求|先例|意思|套路)"
)
# `拿钱换评价这种事我们不做`: a thing that is named as such and never done. What a buyer is due is no such thing
# (`开票这种事我们不做` refuses), unless it is withheld or charged in the same breath (`开票要加钱这种事我们不做`).
_SUCH_A_THING = re.compile(
    r"(?P<said>[^，。？]{2,24}?)(?:这|那)?(?:种|类|样)?的?(?:一)?(?:事儿?|(?<=种)单子?|(?<![电对的])话|(?<=[样种类]的)话|说法|做法|操作|买卖|情况|套路|行为)(?P<denied>[^，。？]{0,14})"
)
# Asked first: the pattern above begins with anything, so it is tried at every character of a clause.
_NAMES_A_THING = re.compile("事|单|话|说法|做法|操作|买卖|情况|套路|行为")
_DUE = re.compile(
    r"^[^不没拒收加扣]*(?:发票|开票|退[货款换]|换货|包邮|免邮|发货|保修|维修|售后|赔|补[发寄偿]|赠品|上门|安装|保价|优惠|刷卡|信用卡|货到付款)[^不没拒收加扣]*$"
)
_NEVER = re.compile(
    r"(?:不|没)(?:会|敢|可能|兴|允许|符合|存在|合规|做|干|碰|沾|讲|说|认可|提倡|能(?:做|干|碰|说|讲|答应|接受|同意))"
    r"|没有(?!办法)|违规|禁止|杜绝|拒绝|哪有|哪会|哪敢"
)
_REJECTED = re.compile(
    r"不(?!用|过|好意思|错|仅|但|客气|影响)|没(?!问题|关系|事)|别家|误会|误传|谣|假的|骗|违规|冒充|无法|谢绝"
)


# `撤不撤是您的权利`: neither is said.
_EITHER = re.compile("(?P<said>(?P<verb>[一-龥])[不没](?P=verb))(?![哦呢吗啊哈呀嘛吧亲]*$)")


def open_spans(clauses: Iterable[Stretch]) -> Iterator[tuple[int, int]]:
    """Yield the folded spans of what a reply leaves open."""
    for clause in clauses:
        yield from _said(clause, _EITHER)


def reported_spans(clauses: Iterable[Stretch]) -> Iterator[tuple[int, int]]:
    """Yield the folded spans of what is reported and rejected, in the same clause or in the next."""
    pending: list[tuple[int, int]] = []
    for clause in clauses:
        if pending and _REJECTED.search(clause.text):
            yield from pending
        pending = []
        yield from _such_things(clause)
        yield from _said(clause, _FEARED)
        yield from _said(clause, _RUMOUR)
        yield from _said(clause, _NO_SUCH)
        for found in _REPORTED.finditer(clause.text):
            span = clause.start + found.start("said"), clause.start + found.end("said")
            if _REJECTED.search(clause.text, found.end()):
                yield span
            elif found.end() == len(clause.text):
                pending.append(span)


def _said(clause: Stretch, pattern: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    for found in pattern.finditer(clause.text):
        yield clause.start + found.start("said"), clause.start + found.end("said")


def _such_things(clause: Stretch) -> Iterator[tuple[int, int]]:
    if _NAMES_A_THING.search(clause.text) is None:
        return
    for found in _SUCH_A_THING.finditer(clause.text):
        if _NEVER.search(found["denied"]) and not _DUE.search(found["said"]):
            yield clause.start + found.start("said"), clause.start + found.end("said")
