"""Characters that are no text: invisible ones, remains of a broken file, pinyin written behind a character."""

from __future__ import annotations

import re

from replyguide.documents.stretch import Stretch

_INVISIBLE = re.compile(
    r"[\u0000-\u0008\u000e-\u001f\u007f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ufff9-\ufffb]+"
)
_PRIVATE = re.compile(r"[\ue000-\uf8ff]+")
_HAN = "\u3400-\u4dbf\u4e00-\u9fff"
# A syllable with a tone mark, in brackets behind a character: `規(guī)章`. Without a mark it may be anything.
_TONES = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜń"
_ANNOTATION = re.compile(rf"(?<=[{_HAN}])[（(](?=[a-zü]*[{_TONES}])[a-zü{_TONES}]{{1,7}}[)）]")
# Slides and scans put blanks into running text.
_BLANK_WITHIN = re.compile(rf"(?<=[{_HAN}，。、；：]) +(?=[{_HAN}])")
_RUNNING_TEXT = 30
_PROTECTED_MAIL = re.compile(r"\[email[ \xa0]protected\]")
_MARKUP_LEFT = re.compile(r"</?(?:strong|b|i|em|p|br|span|div|font)\b[^>]{0,40}/?>|&(?:nbsp|amp|lt|gt|quot);")
# A bullet or a mark that a conversion has turned into a question mark.
_STRAY_MARK = re.compile(rf"^[?？]\s*(?=[{_HAN}0-9])|(?<=[，。、；：,;:）)”」 ])\s*\?$")
_OTHER_FORMS = (
    (re.compile(r"[〔﹝]"), "（"),
    (re.compile(r"[〕﹞]"), "）"),
    (re.compile(r"〞"), "”"),
    (re.compile(r"[ \t\u00a0\u3000]{2,}"), " "),
)


def mended(stretch: Stretch) -> Stretch:
    """Return a line without what is no text, its brackets and blanks as people write them."""
    for pattern in (_INVISIBLE, _PRIVATE, _ANNOTATION, _PROTECTED_MAIL, _MARKUP_LEFT, _STRAY_MARK):
        stretch = stretch.sub(pattern, "")
    for pattern, form in _OTHER_FORMS:
        stretch = stretch.sub(pattern, form)
    if len(stretch.text) >= _RUNNING_TEXT and not stretch.text.startswith("|"):
        stretch = stretch.sub(_BLANK_WITHIN, "")
    return stretch.strip()
