"""The script composer: approved wording made into one natural reply, without any model.

The words that carry the answer come from the rules and are not touched; this module only greets, joins and
thanks.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from replyguide.context import Context
from replyguide.drafting import phrases
from replyguide.drafting.language import language_of
from replyguide.drafting.mood import mood_of
from replyguide.drafting.small_talk import is_small_talk
from replyguide.drafting.wording import approved
from replyguide.script import to_traditional

if TYPE_CHECKING:
    from replyguide.corpus.rule import Rule

_GREETING = re.compile(
    r"^(?:(?:亲爱的(?:顾客|客户|买家|朋友)?|亲亲|亲|您好|你好)(?:[，,！!~～。：:、\s]+|(?=亲|您好|你好)))+"
)
_ENGLISH_GREETING = re.compile(r"^(?:(?:hello|hi|dear customer)\b[,.!:;\s]*)+", re.IGNORECASE)
_THANKS_AT_END = re.compile(r"(?:感谢|谢谢|祝您)[^，。！？]*[！!~～]?$")
_SORRY = re.compile(r"抱歉|不好意思|对不起|对不住")
_ENGLISH_SORRY = re.compile(r"\b(?:sorry|apologi[sz]e|apologies)\b", re.IGNORECASE)
_ALREADY_JOINED = re.compile(r"^(?:另外|还有|同时|此外)")
_REPEATED = re.compile(r"[，。；、：！？](?:\s*[，。；、：！？])+")


def compose(rules: Sequence[Rule], question: str, context: Context, *, attempt: int = 0) -> str | None:
    """Return one reply that answers every concern with approved wording, `None` if no wording fits.

    `rules` holds one rule a concern, main first. The reply is in the buyer's script; an English question
    gets the English wordings.
    The same input always gives the same reply; a higher `attempt` varies the courtesy only.
    """
    language = language_of(question)
    if language == "english":
        return _in_english(rules, question, context, attempt) or _in_chinese(rules, question, context, attempt)
    reply = _in_chinese(rules, question, context, attempt)
    return to_traditional(reply) if reply is not None and language == "traditional" else reply


def compose_own(answer: str, question: str, *, attempt: int = 0) -> str:
    """Return a reply made of an answer that the shop wrote itself, in the buyer's script."""
    reply = _framed([phrases.without_end(_GREETING.sub("", answer.strip()))], question, attempt)
    return to_traditional(reply) if language_of(question) == "traditional" else reply


def holding(question: str, context: Context) -> str:
    """Return the sentence for a question that no rule covers: a colleague is asked, no time is promised.

    Chit-chat and what has nothing to do with the shop is met politely with a question about the goods.
    """
    if context.asker == "agent":
        return phrases.INTERNAL + phrases.INTERNAL_UNKNOWN
    mood, language = mood_of(question), language_of(question)
    chatting = mood == "calm" and is_small_talk(question)
    if language == "english":
        return phrases.english_handover(mood, chatting=chatting)
    reply = phrases.handover(mood, chatting=chatting)
    return to_traditional(reply) if language == "traditional" else reply


def _in_chinese(rules: Sequence[Rule], question: str, context: Context, attempt: int) -> str | None:
    answers = _answers(rules, context, english=False)
    return _framed(answers, question, attempt) if answers else None


def _framed(answers: Sequence[str], question: str, attempt: int) -> str:
    mood = mood_of(question)
    body = _joined(answers)
    sorry = "" if _SORRY.search(body) else phrases.apology(mood, attempt)
    end = "！" if _THANKS_AT_END.search(answers[-1]) else _stop(body) + phrases.closing(mood, attempt)
    return _tidy(phrases.opening(attempt) + sorry + body + end)


def _in_english(rules: Sequence[Rule], question: str, context: Context, attempt: int) -> str | None:
    answers = _answers(rules, context, english=True)
    if not answers:
        return None
    body = phrases.ENGLISH_JOINER.join(answer if answer[-1] in "!?" else answer + "." for answer in answers)
    mood = "calm" if _ENGLISH_SORRY.search(body) else mood_of(question)
    before, after = phrases.english_frame(mood, attempt)
    return before + body + after


def _answers(rules: Sequence[Rule], context: Context, *, english: bool) -> list[str]:
    """Return the bare answers without greeting and end mark, each once, in the order of the concerns."""
    greeting = _ENGLISH_GREETING if english else _GREETING
    said = (approved(rule, context, english=english) for rule in rules)
    bare = (phrases.without_end(greeting.sub("", text)) for text in said if text is not None)
    return list(dict.fromkeys(answer for answer in bare if answer))


def _joined(answers: Sequence[str]) -> str:
    body = answers[0]
    for place, answer in enumerate(answers[1:]):
        joiner = "" if _ALREADY_JOINED.match(answer) else phrases.JOINERS[place % len(phrases.JOINERS)]
        body += _stop(body) + joiner + answer
    return body


def _stop(text: str) -> str:
    return "" if text[-1] in "！？!?~～…" else "。"


def _tidy(reply: str) -> str:
    """Shrink a run of Chinese punctuation to its strongest mark: “，。” → “。”, “？。” → “？”."""
    return _REPEATED.sub(lambda run: next((mark for mark in "？！。；" if mark in run[0]), run[0][0]), reply)
