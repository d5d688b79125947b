"""What a reply reports of the buyer in order to reject it: `您说的加6个点是别家的说法`, `您说打到私人账户，这样不安全`.

Such words are the buyer's, like those in quotation marks. Only rejected ones count: `您说的微信可以的` is an offer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from replyguide.checker.polarity import Stretch

_REPORTED = re.compile(
    r"(?:您|你)(?:刚才?|刚刚|上面|前面)?(?:说|问|提|讲|反映|听说)到?的?"
    r"(?P<said>[^，。？]{1,16}?)(?=是|不|没|我们|咱|这边|本?店|暂|目前|并|$)"
)
# `拿钱换评价这种事我们不做`: a thing that is named as such and never done. What a buyer is due is no such thing
# (`开票这种事我们不做` refuses), unless it is withheld or charged in the same breath (`开票要加钱这种事我们不做`).
_SUCH_A_THING = re.compile(
    r"(?P<said>[^，。？]{4,24}?)(?:这|那)?(?:种|类|样)?的?(?:一)?(?:事儿?|(?<![电对])话|说法|做法|操作|买卖|情况|套路|行为)(?P<denied>[^，。？]{0,14})"
)
_DUE = re.compile(
    r"^[^不没拒收加扣]*(?:发票|开票|退[货款换]|换货|包邮|免邮|发货|保修|维修|赔|刷卡|信用卡|货到付款)[^不没拒收加扣]*$"
)
_NEVER = re.compile(
    r"(?:不|没)(?:会|敢|可能|兴|允许|符合|存在|合规|做|干|碰|沾|讲|说|认可|提倡|能(?:做|干|碰|说|讲|答应|接受|同意))"
    r"|没有(?!办法)|违规|禁止|杜绝|拒绝|哪有|哪会|哪敢"
)
_REJECTED = re.compile(
    r"不(?!用|过|好意思|错|仅|但|客气|影响)|没(?!问题|关系|事)|别家|误会|误传|谣|假的|骗|违规|冒充|无法|谢绝"
)


def reported_spans(clauses: Iterable[Stretch]) -> Iterator[tuple[int, int]]:
    """Yield the folded spans of what is reported and rejected, in the same clause or in the next."""
    pending: list[tuple[int, int]] = []
    for clause in clauses:
        if pending and _REJECTED.search(clause.text):
            yield from pending
        pending = []
        yield from _such_things(clause)
        for found in _REPORTED.finditer(clause.text):
            span = clause.start + found.start("said"), clause.start + found.end("said")
            if _REJECTED.search(clause.text, found.end()):
                yield span
            elif found.end() == len(clause.text):
                pending.append(span)


def _such_things(clause: Stretch) -> Iterator[tuple[int, int]]:
    for found in _SUCH_A_THING.finditer(clause.text):
        if _NEVER.search(found["denied"]) and not _DUE.search(found["said"]):
            yield clause.start + found.start("said"), clause.start + found.end("said")
