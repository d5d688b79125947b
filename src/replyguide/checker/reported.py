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
        for found in _REPORTED.finditer(clause.text):
            span = clause.start + found.start("said"), clause.start + found.end("said")
            if _REJECTED.search(clause.text, found.end()):
                yield span
            elif found.end() == len(clause.text):
                pending.append(span)
