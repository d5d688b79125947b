"""From a model's raw answer to a candidate reply: wrappings go, what is no reply is refused.

Whether the reply may be sent is for the checker; here it is only decided whether there is one.
"""

from __future__ import annotations

import json
import re

from replyguide.drafting.failures import DraftError
from replyguide.drafting.fence import visible
from replyguide.drafting.language import language_of
from replyguide.drafting.prompts import Prompt
from replyguide.script import is_traditional, to_simplified, to_traditional

LONGEST_REPLY = 600
_LONGEST_ANSWER = 100_000  # thoughts included; nothing longer is even looked through
_LONGEST_WRAPPED = 5_000
_NOTE = "内部说明："  # as `prompts/draft.md.j2` marks it
_ECHO_LENGTH = 16
_SHORTEST_HEADING = 5

_THOUGHT_OPENS = re.compile(r"<(?:think|thinking|thought|reasoning)>", re.IGNORECASE)
_THOUGHT_ENDS = re.compile(r"</(?:think|thinking|thought|reasoning)>", re.IGNORECASE)
_FENCE_ECHO = re.compile(r"<<<[^<>\n]{0,60}>>>|<\|[^|<>\n]{0,40}\|>")
_CODE_FENCE = "```"
_CODE_LANGUAGE = re.compile(r"[\w-]*[ ]*\n")
_CUT_JSON = re.compile(r'^\{\s*"[^"]{1,40}"\s*:')
_REPLY_KEYS = ("reply", "回复", "content", "text", "answer", "message")
_PREFIX = re.compile(
    r"^[#*\s>]*(?:好的[，,]?\s*)?(?:以下是|这是|下面是)?(?:给买家的?|给您的?|建议的?|参考|修改后的?|改好的?|最终|整条|这条|一条|的){0,3}"
    r"(?:回复|回答|答复|话术|客服|答|reply|answer|response)(?:内容|如下|给买家)?\**\s*[：:]\**\s*",
    re.IGNORECASE,
)
_QUOTES = {"“": "”", '"': '"', "「": "」", "『": "』", "'": "'", "‘": "’", "`": "`"}
_CHOICE = re.compile(
    r"(?:^|\n)\s*[*#]*\s*(?:回复|版本|方案|选项|备选|话术|option|reply|version)\s*[一二三四1-4ABCabc]\s*\**\s*[：:.、]",
    re.IGNORECASE,
)
# A machine that says no, or says what it is: nothing of it is for a buyer.
_REFUSES = re.compile(
    r"(?:作为|我(?:只)?是)[^，。]{0,6}(?:人工智能|语言模型|大模型|(?<![a-z])ai(?![a-z])|机器学习)"
    r"|\bas an? (?:ai|artificial|language model)\b|\bi(?:'|’)?m (?:just )?an ai\b|\bi am an ai\b"
    r"|\bi(?:'m| am) (?:sorry|unable)[^.]{0,20}(?:can(?:no|['’])t|to) (?:assist|help|comply|fulfil)"
    r"|(?:无法|不能)(?:完成|执行|协助|满足|提供)(?:您的|你的|这个|该|此)?(?:请求|指令|要求|任务)",
    re.IGNORECASE,
)
_HEADING = re.compile(r"^#{1,2} (.+)$", re.MULTILINE)
_REPEATS = re.compile(r"([\w]{1,8}?)\1{5,}")
_IDEOGRAPH = re.compile(r"[㐀-䶿一-鿿]")
_WORD = re.compile(r"\w")
_NOT_WORD = re.compile(r"\W+")


def clean(answer: str, prompt: Prompt) -> str:
    """Return the one reply that `answer` holds, word for word, in the buyer's script.

    Raises DraftError: `empty`, `too_long`, `format` (several replies, or JSON without one), `language` (no Chinese for
    a Chinese question), `echo` (it repeats its instructions), `repeats` (itself), `refused` (says no, or what it is).
    """
    if len(answer) > _LONGEST_ANSWER:
        raise DraftError("too_long")
    said = _without_thoughts(visible(answer))
    if len(said) > _LONGEST_WRAPPED:
        raise DraftError("too_long")
    reply = _unwrapped(_FENCE_ECHO.sub("", said).strip())
    if not _WORD.search(reply):
        raise DraftError("empty")
    if len(reply) > LONGEST_REPLY:
        raise DraftError("too_long")
    if len(_CHOICE.findall(reply)) > 1:
        raise DraftError("format")
    if _echoes(reply, prompt.system) or _echoes(reply, _notes(prompt)) or _holds_a_heading(reply, prompt.text):
        raise DraftError("echo")
    if _REPEATS.search(reply):
        raise DraftError("repeats")
    if _REFUSES.search(reply):
        raise DraftError("refused")
    return _in_script(reply, prompt.question)


def _without_thoughts(answer: str) -> str:
    """Drop thought blocks; some servers cut the opening tag off, some models never close it."""
    ends = [end.end() for end in _THOUGHT_ENDS.finditer(answer)]
    rest = _before_thought(answer[ends[-1] :] if ends else answer)
    return rest if rest or not ends else _before_thought(answer)


def _before_thought(text: str) -> str:
    opens = _THOUGHT_OPENS.search(text)
    return (text if opens is None else text[: opens.start()]).strip()


def _unwrapped(answer: str) -> str:
    """Peel code fence, JSON, prefix and quotes, in whatever order the model put them on."""
    for _ in range(6):
        peeled = _without_quotes(_PREFIX.sub("", _from_json(_without_code_fence(answer)), count=1).strip())
        if peeled == answer:
            break
        answer = peeled
    return answer.replace(_CODE_FENCE, "").strip()


def _without_code_fence(answer: str) -> str:
    if not (answer.startswith(_CODE_FENCE) and answer.endswith(_CODE_FENCE)):
        return answer
    return _CODE_LANGUAGE.sub("", answer.strip("`"), count=1).strip()


def _from_json(answer: str) -> str:
    if not answer.startswith(("{", "[{")):
        return answer
    try:
        data = json.loads(answer, strict=False)
    except ValueError:
        # Braces around words are words; a key without its end is the rest of an answer that was cut off.
        if _CUT_JSON.match(answer.removeprefix("[")):
            raise DraftError("format") from None
        return answer
    if isinstance(data, list):  # of several replies none is the one
        data = data[0] if len(data) == 1 and isinstance(data[0], dict) else {}
    for key in _REPLY_KEYS:
        if isinstance(data.get(key), str):
            return str(data[key]).strip()
    raise DraftError("format")


def _without_quotes(answer: str) -> str:
    closing = _QUOTES.get(answer[:1])
    inner = answer[1:-1]
    if closing is None or len(answer) < 2 or answer[-1] != closing or closing in inner or answer[0] in inner:
        return answer
    return inner.strip()


def _echoes(reply: str, instructions: str) -> bool:
    """Tell whether a stretch of the reply stands in the instructions, punctuation and spaces aside."""
    told, said = _NOT_WORD.sub("", instructions), _NOT_WORD.sub("", reply)
    return any(said[at : at + _ECHO_LENGTH] in told for at in range(len(said) - _ECHO_LENGTH + 1))


def _notes(prompt: Prompt) -> str:
    """Return what the prompt tells the model for its eyes alone: penalties, and advice to who answers."""
    return "\n".join(line for line in prompt.user.splitlines() if line.startswith(_NOTE))


def _holds_a_heading(reply: str, told: str) -> bool:
    """Tell whether a heading of the prompt stands in the reply: no agent writes `买家这一次的消息`."""
    headings = (heading[1].strip() for heading in _HEADING.finditer(told))
    return any(heading in reply for heading in headings if len(heading) >= _SHORTEST_HEADING)


def _in_script(reply: str, question: str) -> str:
    language = language_of(question)
    if language != "english" and _IDEOGRAPH.search(question) and _is_latin(reply):
        raise DraftError("language")
    if language == "traditional" and not is_traditional(reply):
        return to_traditional(reply)
    return to_simplified(reply) if language == "simplified" and is_traditional(reply) else reply


def _is_latin(reply: str) -> bool:
    """Tell whether a reply is written in letters: another language, or Chinese spelled out to get past a reader."""
    return 2 * sum(character.isalpha() and not _IDEOGRAPH.match(character) for character in reply) > len(reply)
