"""One question on its way to a suggestion."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from replyguide.checker import Checker, CheckResult
from replyguide.context import Context
from replyguide.copilot.clock import Clock
from replyguide.copilot.listening import SILENT, Listening
from replyguide.copilot.suggestion import Attempt, ModelUse, Origin, Status, Suggestion, conversation_of
from replyguide.grounding.points import coverage
from replyguide.topics import VIOLATION_TOPICS

if TYPE_CHECKING:
    from replyguide.corpus.rule import Rule
    from replyguide.drafting.model import ChatModel
    from replyguide.drafting.tone import Tone
    from replyguide.index import Index, SearchResult

# From this score on a passage of the shop's own documents is worth showing by itself.
SHOWN_FROM = 0.5
_UNCOVERED = "没有规则覆盖这个问题，请人工判断后回复"
_NOTHING_PASSED = "没有一份草稿通过检查，请人工回复（见被拦下的草稿）"


class Run:
    """The decisions on one question, over what the search found; collects the attempts.

    `first` answers at once, from approved wording; `final` asks the model as well, if there is one.
    """

    def __init__(
        self, checker: Checker, index: Index, found: SearchResult, question: str, context: Context, clock: Clock
    ) -> None:
        self._checker = checker
        self._found = found
        self._question = question
        self._conversation = conversation_of(question, context)
        self._cautions = context.contradictions()
        self._context = context
        self._clock = clock
        self._attempts: list[Attempt] = []
        self._rules = [index.rule(rule_id) for rule_id in found.concerns]
        self._topics = tuple(dict.fromkeys(rule.topic for rule in self._rules))
        self._used = ModelUse()
        self._model: str | None = None
        self._again = 0
        self._listening = SILENT

    def first(self, again: int = 0) -> Suggestion:
        """Answer without a model; `again` counts how often the agent has asked for another one."""
        self._again = again
        self._attempts = []
        return self._answered(None, None)

    def final(self, model: ChatModel, tone: Tone | None, again: int = 0, listening: Listening = SILENT) -> Suggestion:
        """Answer with the model's draft where it may be sent, else as `first` does; `listening` is told meanwhile."""
        self._again = again
        self._attempts = []
        self._model = model.label
        self._listening = listening
        return self._answered(model, tone)

    def _answered(self, model: ChatModel | None, tone: Tone | None) -> Suggestion:
        if not self._found.concerns and self._found.answer is None:
            return self._handover(_UNCOVERED)
        ready = self._for_colleague() if self._rules else None
        if ready is None and self._context.asker == "buyer":
            ready = self._for_buyer(model, tone)
        if ready is None:
            return self._handover(_NOTHING_PASSED)
        return self._finished("ready", ready.text, ready.origin, ready.check, None)

    def _for_buyer(self, model: ChatModel | None, tone: Tone | None) -> Attempt | None:
        own = self._from_shop()
        if own is not None or model is None or not self._rules:
            return own or self._from_script()
        from replyguide.copilot.drafts import Case, Drafts

        drafts = Drafts(
            model, self._checker, Case(self._question, self._context, self._rules), self._clock, self._listening
        )
        try:
            if tone is None:
                drafted = drafts.best()
            else:
                script = self._from_script()
                drafted = drafts.reworded(script, tone) if script is not None else None
                drafted = drafted or script
        finally:
            self._used = drafts.used
            self._attempts += drafts.attempts
        return drafted or self._from_script()

    def _from_shop(self) -> Attempt | None:
        """Answer with what the shop wrote for this question, where no rule that can be broken touches it.

        Platform and law outrank a merchant's script: about invoices or refunds the approved wording is used.
        """
        from replyguide.drafting.composer import compose_own

        answer = self._found.answer
        if answer is None or any(rule.topic in VIOLATION_TOPICS for rule in self._rules):
            return None
        attempt = self._tried(compose_own(answer.say, self._question, attempt=self._again), ())
        if attempt.check.verdict == "block":
            return None
        self._topics = (answer.topic,)
        return attempt

    def _from_script(self) -> Attempt | None:
        from replyguide.drafting.composer import compose

        rules = self._rules
        # If the answer to all concerns together does not pass, the main concern alone may.
        for answered in (rules, rules[:1]) if len(rules) > 1 else (rules,):
            text = compose(answered, self._question, self._context, attempt=self._again)
            self._clock.stop("script")
            if text is None:
                continue
            attempt = self._tried(text, answered)
            if attempt.check.verdict != "block":
                return attempt
        return None

    def _for_colleague(self) -> Attempt | None:
        """Answer a colleague with the facts as they stand in the rules; a model would only blur them.

        Of several answers the first is taken that would do no harm if it were sent to a buyer by mistake. Where the
        asker is only guessed, an answer that would do harm is none: the promise holds for a wrong guess as well.
        """
        from replyguide.drafting.colleague import asked_by_colleague, internal_answers

        told = self._context.asker == "agent"
        if not told and (_is_a_buyer(self._context) or not asked_by_colleague(self._question, self._found.colleague)):
            return None
        to_colleague = self._context.model_copy(update={"asker": "agent"})
        if_sent = self._context.model_copy(update={"asker": "buyer"})
        answers = internal_answers(self._rules, self._question, to_colleague)
        # If the facts of all rules together do not pass, those of the main one may.
        answers += internal_answers(self._rules[:1], self._question, to_colleague) if len(self._rules) > 1 else ()
        self._clock.stop("script")
        harmless = [text for text in answers if self._checker.check(text, if_sent).verdict != "block"]
        usable = harmless or (answers if told else ())
        if not usable:
            return None
        self._context = to_colleague
        return self._tried(usable[0], ())

    def _tried(self, text: str, rules: Sequence[Rule]) -> Attempt:
        check = self._checker.check(text, self._context)
        attempt = Attempt("script", text, check, missing=coverage(text, rules).missing)
        self._clock.stop("check")
        self._attempts.append(attempt)
        return attempt

    def _handover(self, reason: str) -> Suggestion:
        from replyguide.drafting.composer import holding

        text = holding(self._question, self._context)
        check = self._checker.check(text, self._context)
        self._clock.stop("check")
        if check.verdict == "block":
            return self._finished("handover", None, None, CheckResult("pass", ()), reason)
        return self._finished("handover", text, "script", check, reason)

    def _finished(
        self, status: Status, reply: str | None, origin: Origin | None, check: CheckResult, reason: str | None
    ) -> Suggestion:
        is_answer = status == "ready" and self._context.asker == "buyer" and reply is not None
        said = coverage(reply or "", self._rules if is_answer else ())
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
            model=self._model,
            index=self._found.index,
            points=said.asked,
            missing=said.missing,
            cautions=self._cautions,
            used=self._used,
            conversation=self._conversation,
        )

    def _is_covered(self) -> bool:
        """Tell whether there is anything to show: a rule that covers the question, or a passage of the shop's."""
        return bool(self._found.concerns) or any(
            hit.kind != "rule" and hit.score >= SHOWN_FROM for hit in self._found.hits
        )


def _is_a_buyer(context: Context) -> bool:
    """Tell whether the context leaves nothing to guess: it says so, or it is in the middle of a conversation."""
    return "asker" in context.model_fields_set or bool(context.history) or context.buyer_verified is not None
