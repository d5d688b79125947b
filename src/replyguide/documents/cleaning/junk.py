"""Lines that are no part of a document's text: page furniture, notices of download sites, tables of contents, spam.

Words decide, not whole lines: sites word their notices differently, but always about downloading, rights and reports.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from replyguide.documents.document import DropReason

_PAGE_NUMBER = re.compile(
    r"第?\s*[0-9一二三四五六七八九十]+\s*[页頁张張]|[共总總]?\s*\d+\s*[页頁]\s*[,，/]?\s*第?\s*\d+\s*[页頁]?|第\s*\d+\s*[页頁]\s*[,，/]?\s*[共总總]\s*\d+\s*[页頁]"
    r"|[-—–]?\s*\d{1,4}(?:-\d+)*\s*[-—–.]?|(?:page|p\.?)\s*\d+(?:\s*(?:of|/)\s*\d+)?|\d+\s*/\s*\d+",
    re.IGNORECASE,
)
_CONTENTS = re.compile(r"contents?\s*s?|目\s*[录錄次]", re.IGNORECASE)
_DOTTED = re.compile(r"[。.…·．•_-]{4,}\s*[0-9]*$")
_METADATA = re.compile(
    r"[-•·*\s]*(?:文[档檔])?(?:格式|大小|[页頁][数數]|[来來]源|分[类類]|[页頁][数數]|上[传傳](?:[时時][间間]|者|日期)|[发發]布[时時][间間]|更新[时時][间間]|下[载載]次[数數]|[浏瀏][览覽](?:量|次[数數])?|[阅閱][读讀](?:量|次[数數])?|字[数數]|[评評]分|[编編][辑輯]|[作]者|[网網]址|[标標][签籤])\s*[:：].{0,60}"
)
_LABEL = re.compile(
    r"(?:合集下[载載]|相[关關](?:文[档檔]|推[荐薦]|[阅閱][读讀]|文章)|最新(?:文[档檔]|文章)|推[荐薦](?:文[档檔]|[阅閱][读讀])|[热熱][门門](?:文[档檔]|推[荐薦])|猜你喜[欢歡]"
    r"|上一[篇页頁]|下一[篇页頁]|返回(?:[顶頂]部|首[页頁]|目[录錄])|[点點][击擊](?:下[载載]|查看).{0,12}|立即下[载載]|全文下[载載]|[扩擴]展[阅閱][读讀]"
    r"|welcome\s+to\s+download.*|click\s+here\s+to.*|all\s+rights\s+reserved.*|本文(?:完|[结結]束)|分享到.*|[扫掃][码碼](?:[关關]注|下[载載]).*)[。.!！\s]*",
    re.IGNORECASE,
)
_QUALITY = re.compile(
    r"精品(?:文[档檔]|[资資]料|[课課]件)|[优優][质質]文[档檔]|[仅僅]供(?:[学學][习習]|[参參]考)|[资資]料[仅僅]供|word文[档檔]",
    re.IGNORECASE,
)
# Families of words; a line that is about two of them and talks to whoever downloads is a notice.
_NOTICE_FAMILIES = tuple(
    re.compile(family, re.IGNORECASE)
    for family in (
        r"下[载載]|download|[预預][览覽]|文[库庫]|百度|豆丁|道客",
        r"文[档檔]|本文|本站|本[网網]|[网網]站|平[台臺].{0,6}(?:不提供|提供的文)|[资資]料|小[编編]|https?://|[网網]址",
        r"侵犯|侵[权權]|版[权權]|[权權]益|[举舉][报報]|[删刪]除|[联聯][系繫]我[们們]|法律[责責]任|所有[权權]",
        r"免[责責]|[声聲]明|甄[别別]|[仅僅]供[参參]考|不承[担擔]|自[发發][贡貢][献獻]|互[联聯][网網]用[户戶]|附加服[务務]|申[请請]退款|[为為]你整理|希望[对對]你|但[愿願][对對]你|[欢歡]迎.{0,4}下[载載]|人工客服|上[传傳]",
    )
)
_ABOUT_THE_FILE = re.compile(
    r"下[载載]|download|文[档檔]|[网網]站|本[网網站]|小[编編]|https?://|puma|[网網]址", re.IGNORECASE
)
_SPAM = re.compile(
    r"(?:av|成人|色情|情色|[无無][码碼]|伦理|倫理|自拍|偷拍|裸聊|约炮|約炮|博彩|[赌賭]博|[娱娛][乐樂]城|六合彩|时时彩|彩票[平网]|[开開]户送|代[开開][发發]票|[贷貸]款.{0,4}秒[批到]|[办辦][证證]|sex|porn|xxx|casino).{0,30}",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[。！？!?；;，,：:]")
_MARKED = re.compile(
    r"(?:问|答|買家|买家|客服|顾客|顧客|q|a)[:：]|^[（(\[【]?[0-9一二三四五六七八九十]+[)）\]】、.．:：]", re.IGNORECASE
)
_LETTER = re.compile(r"\w")
# A short line without a sentence that comes back so often is furniture.
_OFTEN = 3
_SHORT = 24
_LONGEST_SPAM = 120


def junk_reason(line: str, *, is_first: bool) -> DropReason | None:
    """Tell why a line is left out, `None` if it is text; spam stands only ahead of everything else."""
    if _PAGE_NUMBER.fullmatch(line) or not _LETTER.search(line):
        return "furniture"
    if _CONTENTS.fullmatch(line) or _DOTTED.search(line):
        return "contents"
    if _METADATA.fullmatch(line) or _LABEL.fullmatch(line) or _is_notice(line):
        return "notice"
    if _QUALITY.search(line) and len(line) <= _SHORT:
        return "furniture"
    if is_first and len(line) <= _LONGEST_SPAM and len(_SPAM.findall(line)) >= 1 and not _SENTENCE_END.search(line):
        return "spam"
    return None


def repeated_furniture(lines: Sequence[str]) -> frozenset[str]:
    """Return the short lines that come back again and again, as the head and foot of a page do."""
    counts = Counter(line for line in lines if len(line) <= _SHORT)
    return frozenset(
        line
        for line, count in counts.items()
        if count >= _OFTEN and not _SENTENCE_END.search(line) and not _MARKED.search(line)
    )


def _is_notice(line: str) -> bool:
    families = sum(family.search(line) is not None for family in _NOTICE_FAMILIES)
    return families >= 3 or (families >= 2 and _ABOUT_THE_FILE.search(line) is not None and _speaks_of_itself(line))


def _speaks_of_itself(line: str) -> bool:
    """Tell whether a line is about the file and not about goods; a shop may write of downloading an invoice."""
    return re.search(r"发票|發票|订单|訂單|买家|買家|商品|宝贝|寶貝", line) is None
