"""The way of a question: search, draft, check, repair, fall back, hand over. The only place where the rooms meet.

One promise orders everything here: a reply that the checker blocks never leaves as ready to send. Code decides what
happens next from hits and findings; a model only ever words a draft.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from replyguide.checker import Checker, CheckResult, load_checker
from replyguide.context import Asker, Context, without_surrogates
from replyguide.errors import InputError, ModelError
from replyguide.settings import Settings
from replyguide.topics import VIOLATION_TOPICS

if TYPE_CHECKING:
    from replyguide.checker.why.explanation import Explanation
    from replyguide.corpus.rule import Rule
    from replyguide.drafting.model import ChatModel
    from replyguide.drafting.prompts import Prompt
    from replyguide.index import Hit, Index, SearchResult

Origin = Literal["model", "script"]
Status = Literal["ready", "handover"]
Progress = Callable[[int, int], None]

LONGEST_QUESTION = 5000  # characters; no chat window sends more, and nobody reads it
RULES_SHOWN = 5
# From this score on a passage of the shop's own documents is worth showing by itself.
SHOWN_FROM = 0.5
# Seconds after which a running copilot looks whether someone updated the index.
_LOOK_AGAIN = 2.0


@dataclass(frozen=True, slots=True)
class Attempt:
    """A draft and what the checker said of it; `error` tells why a model gave none."""

    origin: Origin
    text: str
    check: CheckResult
    error: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the attempt as an entry of `attempts`."""
        return {"origin": self.origin, "text": self.text, "check": self.check.as_json(), "error": self.error}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What the agent may send, and everything it rests on. `reply` is never one that the checker blocks.

    With `asker` "agent" the reply is for the agent's own eyes and must not be sent.
    """

    question: str
    asker: Asker
    status: Status
    reply: str | None
    origin: Origin | None
    check: CheckResult
    topics: tuple[str, ...]
    rules: tuple[Hit, ...]
    attempts: tuple[Attempt, ...]
    handover_reason: str | None
    timings_ms: dict[str, float]
    model: str | None
    index: str

    def as_json(self) -> dict[str, Any]:
        """Return the suggestion as the object of the interface page."""
        return {
            "question": self.question,
            "asker": self.asker,
            "status": self.status,
            "reply": self.reply,
            "origin": self.origin,
            "check": self.check.as_json(),
            "topics": list(self.topics),
            "rules": [hit.as_json() for hit in self.rules],
            "attempts": [attempt.as_json() for attempt in self.attempts],
            "handover_reason": self.handover_reason,
            "timings_ms": self.timings_ms,
            "model": self.model,
            "index": self.index,
        }


class Copilot:
    """The whole pipeline behind one object. Rooms that cost seconds to load are opened by the first call."""

    def __init__(self, settings: Settings, *, progress: Progress | None = None) -> None:
        self.settings = settings
        self._progress = progress
        self._lock = threading.Lock()
        self._checker: Checker | None = None
        self._index: Index | None = None
        self._look_again = 0.0
        self._model: ChatModel | None = None

    @property
    def checker(self) -> Checker:
        """The rule checker."""
        if self._checker is None:
            settings = self.settings
            cache = settings.data_dir / "cache"
            self._checker = load_checker(cache, settings.shop_pack, second_layer=settings.second_layer)
        return self._checker

    @property
    def index(self) -> Index:
        """The index, built or brought up to date on first use, and opened anew when another process has updated it."""
        with self._lock:
            now = time.monotonic()
            if self._index is None or (now > self._look_again and not self._index.is_live()):
                from replyguide.index import open_index

                # Whoever still searches the one before keeps it open.
                self._index = open_index(self.settings, progress=self._progress)
            if now > self._look_again:
                self._look_again = now + _LOOK_AGAIN
            return self._index

    @property
    def model(self) -> ChatModel | None:
        """The configured model, `None` if there is none."""
        if self._model is None and self.settings.model is not None:
            from replyguide.drafting.model import ChatModel

            self._model = ChatModel.from_settings(self.settings)
        return self._model

    def close(self) -> None:
        """Give back the files and sockets of the index; the next search opens it again."""
        with self._lock:
            if self._index is not None:
                self._index.close()
                self._index = None

    def check(self, reply: str, context: Context | None = None) -> CheckResult:
        """Judge a reply; an empty one is an `InputError`."""
        text = _said(reply, "回复")
        return self.checker.check(text, context)

    def explain(self, reply: str, context: Context | None = None) -> Explanation:
        """Judge a reply and tell why, with what was excused; an empty one is an `InputError`."""
        text = _said(reply, "回复")
        return self.checker.explain(text, context)

    def search(self, question: str, k: int = RULES_SHOWN, context: Context | None = None) -> SearchResult:
        """Find the rules that a question touches."""
        text = asked(question)
        return self.index.search(text, k, tuple(context.history) if context is not None else ())

    def suggest(self, question: str, context: Context | None = None, *, offline: bool = False) -> Suggestion:
        """Answer a buyer's question with a reply that passes the checker, or hand over with the reason."""
        text = asked(question)
        situation = (context if context is not None else Context()).model_copy(update={"question": text})
        clock = _Clock()
        found = self.search(text, RULES_SHOWN, situation)
        clock.stop("search")
        run = _Run(self, text, situation, found, clock, offline)
        return run.suggestion()


class _Run:
    """One question on its way; collects the attempts."""

    def __init__(
        self, copilot: Copilot, question: str, context: Context, found: SearchResult, clock: _Clock, offline: bool
    ) -> None:
        self._copilot = copilot
        self._question = question
        self._context = context
        self._found = found
        self._clock = clock
        self._offline = offline
        self._attempts: list[Attempt] = []
        self._topics = tuple(dict.fromkeys(copilot.index.rule(one).topic for one in found.concerns))

    def suggestion(self) -> Suggestion:
        if not self._found.concerns and self._found.answer is None:
            return self._handover("没有规则覆盖这个问题，请人工判断后回复")
        rules = [self._copilot.index.rule(rule_id) for rule_id in self._found.concerns]
        ready = self._for_colleague(rules) if rules else None
        if ready is None and self._context.asker == "buyer":
            ready = self._from_shop(rules) or self._from_model(rules) or self._from_script(rules)
        if ready is None:
            return self._handover("没有一份草稿通过检查，请人工回复（见被拦下的草稿）")
        return self._finished("ready", ready.text, ready.origin, ready.check, None)

    def _from_shop(self, rules: Sequence[Rule]) -> Attempt | None:
        """Answer with what the shop wrote for this question, where no rule that can be broken touches it.

        Platform and law outrank a merchant's script: about invoices or refunds the approved wording is used.
        """
        from replyguide.drafting.composer import compose_own

        answer = self._found.answer
        if answer is None or any(rule.topic in VIOLATION_TOPICS for rule in rules):
            return None
        attempt = self._tried("script", compose_own(answer.say, self._question))
        if attempt.check.verdict == "block":
            return None
        self._topics = (answer.topic,)
        return attempt

    def _from_model(self, rules: Sequence[Rule]) -> Attempt | None:
        model = None if self._offline or not rules else self._copilot.model
        if model is None:
            return None
        from replyguide.drafting.prompts import draft_prompt, repair_prompt

        first = self._drafted(model, draft_prompt(rules, self._question, self._context))
        if first is None or first.check.verdict != "block":
            return first
        findings = first.check.findings
        second = self._drafted(model, repair_prompt(rules, self._question, self._context, first.text, findings))
        return second if second is not None and second.check.verdict != "block" else None

    def _drafted(self, model: ChatModel, prompt: Prompt) -> Attempt | None:
        try:
            text = model.draft(prompt).text
        except ModelError as error:
            self._attempts.append(Attempt("model", "", CheckResult("pass", ()), str(error)))
            return None
        finally:
            self._clock.stop("model")
        return self._tried("model", text)

    def _from_script(self, rules: Sequence[Rule]) -> Attempt | None:
        from replyguide.drafting.composer import compose

        # If the answer to all concerns together does not pass, the main concern alone may.
        for answered in (rules, rules[:1]) if len(rules) > 1 else (rules,):
            text = compose(answered, self._question, self._context)
            self._clock.stop("script")
            if text is None:
                continue
            attempt = self._tried("script", text)
            if attempt.check.verdict != "block":
                return attempt
        return None

    def _for_colleague(self, rules: Sequence[Rule]) -> Attempt | None:
        """Answer a colleague with the facts as they stand in the rules; a model would only blur them.

        Of several answers the first is taken that would do no harm if it were sent to a buyer by mistake. Where the
        asker is only guessed, an answer that would do harm is none: the promise holds for a wrong guess as well.
        """
        from replyguide.drafting.colleague import asked_by_colleague, internal_answers

        told = self._context.asker == "agent"
        if not told and (_is_a_buyer(self._context) or not asked_by_colleague(self._question, rules[0])):
            return None
        to_colleague = self._context.model_copy(update={"asker": "agent"})
        if_sent = self._context.model_copy(update={"asker": "buyer"})
        answers = internal_answers(rules, self._question, to_colleague)
        self._clock.stop("script")
        harmless = [text for text in answers if self._copilot.checker.check(text, if_sent).verdict != "block"]
        usable = harmless or (answers if told else ())
        if not usable:
            return None
        self._context = to_colleague
        return self._tried("script", usable[0])

    def _tried(self, origin: Origin, text: str) -> Attempt:
        attempt = Attempt(origin, text, self._copilot.checker.check(text, self._context))
        self._clock.stop("check")
        self._attempts.append(attempt)
        return attempt

    def _handover(self, reason: str) -> Suggestion:
        from replyguide.drafting.composer import holding

        text = holding(self._question, self._context)
        check = self._copilot.checker.check(text, self._context)
        self._clock.stop("check")
        if check.verdict == "block":
            return self._finished("handover", None, None, CheckResult("pass", ()), reason)
        return self._finished("handover", text, "script", check, reason)

    def _finished(
        self, status: Status, reply: str | None, origin: Origin | None, check: CheckResult, reason: str | None
    ) -> Suggestion:
        return Suggestion(
            question=self._question,
            asker=self._context.asker,
            status=status,
            reply=reply,
            origin=origin,
            check=check,
            topics=self._topics,
            rules=self._found.hits if self._is_covered() else (),
            attempts=tuple(self._attempts),
            handover_reason=reason,
            timings_ms=self._clock.timings(),
            model=None if self._offline else self._copilot.settings.model,
            index=self._found.index,
        )

    def _is_covered(self) -> bool:
        """Tell whether there is anything to show: a rule that covers the question, or a passage of the shop's."""
        return bool(self._found.concerns) or any(
            hit.kind != "rule" and hit.score >= SHOWN_FROM for hit in self._found.hits
        )


class _Clock:
    """Adds up the milliseconds between stops under the names given."""

    def __init__(self) -> None:
        self._start = self._last = time.perf_counter()
        self._spent: dict[str, float] = {}

    def stop(self, name: str) -> None:
        now = time.perf_counter()
        self._spent[name] = self._spent.get(name, 0.0) + (now - self._last) * 1000
        self._last = now

    def timings(self) -> dict[str, float]:
        total = (time.perf_counter() - self._start) * 1000
        return {name: round(spent, 2) for name, spent in {**self._spent, "total": total}.items()}


def _is_a_buyer(context: Context) -> bool:
    """Tell whether the context leaves nothing to guess: it says so, or it is in the middle of a conversation."""
    return "asker" in context.model_fields_set or bool(context.history) or context.buyer_verified is not None


def asked(question: str) -> str:
    """Return a question fit to be searched; `InputError` if it is blank or far too long."""
    text = _said(question, "问题")
    if len(text) > LONGEST_QUESTION:
        raise InputError(f"问题有 {len(text)} 个字，最多 {LONGEST_QUESTION} 个；请只贴买家的最后一条消息")
    return text


def _said(text: str, what: str) -> str:
    clean = str(without_surrogates(text))
    if not any(character.isprintable() and not character.isspace() for character in clean):
        raise InputError(f"{what}是空的，请写上文字再试")
    return clean
