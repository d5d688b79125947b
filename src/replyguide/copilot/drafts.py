"""A model's drafts on one question: written, judged, once repaired; the better one is kept.

A draft is judged by more than the checker: facts that nothing backs become findings, and points that the rules want
said count. What is blocked, promises what nobody backs, or leaves a point out goes back to the model once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from replyguide.checker import Checker, CheckResult
from replyguide.checker.finding import result_of
from replyguide.context import Context
from replyguide.copilot.clock import Clock
from replyguide.copilot.listening import SILENT, Listening
from replyguide.copilot.suggestion import Attempt, ModelUse
from replyguide.drafting.limits import TURNS_TOLD
from replyguide.drafting.masking import NOTHING, OWN_DATA, Masking
from replyguide.errors import ModelError
from replyguide.grounding.points import coverage, told_beside_politeness
from replyguide.grounding.unbacked import PREFIX, is_costly, unbacked
from replyguide.topics import VIOLATION_TOPICS

if TYPE_CHECKING:
    from replyguide.corpus.rule import Rule
    from replyguide.drafting.model import ChatModel, Draft
    from replyguide.drafting.prompts import Prompt
    from replyguide.drafting.tone import Tone

_LEAST_TOLD = 4  # characters beside politeness
_WITHHELD = "草稿里写了不能发给对方的个人信息，没有采用"


@dataclass(frozen=True, slots=True)
class Case:
    """What a draft answers: the question, what is known, and the rules that answer it, main first."""

    question: str
    context: Context
    rules: Sequence[Rule]


class Drafts:
    """Drafts of one model on one question. `attempts` are all of them, in order; `used` what they took."""

    def __init__(
        self,
        model: ChatModel,
        checker: Checker,
        case: Case,
        clock: Clock,
        listening: Listening = SILENT,
    ) -> None:
        self.attempts: list[Attempt] = []
        self.used = ModelUse()
        self._model = model
        self._checker = checker
        self._case = case
        self._clock = clock
        self._listening = listening
        self._masking = Masking()

    def best(self) -> Attempt | None:
        """Return the draft to send, `None` if the script has to answer; the pieces of the first draft are heard."""
        from replyguide.drafting.prompts import draft_prompt, repair_prompt

        case = self._hidden()
        first = self._drafted(draft_prompt(case.rules, case.question, case.context), self._listening.heard)
        if first is None:
            return None
        if _needs_nothing(first) and self._may_be_sent(first):
            return first
        to_mend = self._masking.hide(first.text)
        findings = [replace(one, matched=self._masking.hide(one.matched)) for one in first.check.findings]
        prompt = repair_prompt(case.rules, case.question, case.context, to_mend, findings, first.missing)
        second = self._drafted(prompt)
        sendable = [attempt for attempt in (first, second) if attempt is not None and self._may_be_sent(attempt)]
        return min(sendable, key=_lacks, default=None)

    def reworded(self, reply: Attempt, tone: Tone) -> Attempt | None:
        """Return an approved reply in another tone, `None` if what the model makes of it says less or too much."""
        from replyguide.drafting.prompts import tone_prompt

        hide = self._masking.hide
        attempt = self._drafted(tone_prompt(hide(reply.text), tone, hide(self._case.question)))
        if attempt is None or not self._may_be_sent(attempt) or len(attempt.missing) > len(reply.missing):
            return None
        return attempt

    def _may_be_sent(self, attempt: Attempt) -> bool:
        """Tell whether a draft may leave as ready: there is approved wording that does better than a poor one.

        The checker says nothing against it, it holds no amount or gift that nobody backs, and it says something: a bare
        yes (`对哦亲`) to who asks about what can be violated means whatever the question made of it. Another fact that
        nothing backs is told with the draft.
        """
        findings = attempt.check.findings
        if any(is_costly(finding) or not finding.rule.startswith(PREFIX) for finding in findings):
            return False
        touches = any(rule.topic in VIOLATION_TOPICS for rule in self._case.rules)
        says_a_point = len(attempt.missing) < coverage("", self._case.rules).asked
        return says_a_point or not touches or told_beside_politeness(attempt.text) >= _LEAST_TOLD

    def judged(self, text: str) -> Attempt:
        """Return a draft with everything that speaks against it."""
        case = self._case
        check = self._checker.check_draft(text, case.context)
        reading, _ = self._checker.read(text, case.context)
        invented = unbacked(reading, case.rules, case.context) if case.context.asker == "buyer" else []
        return Attempt(
            "model",
            text,
            result_of([*check.findings, *invented]),
            missing=coverage(text, case.rules).missing,
        )

    def _hidden(self) -> Case:
        """Return the case as the model may see it: with nothing personal in it."""
        hide, context = self._masking.hide, self._case.context
        # What the prompt leaves out need not be read for what is personal in it.
        history = [turn.model_copy(update={"text": hide(turn.text)}) for turn in context.history[-TURNS_TOLD:]]
        return replace(
            self._case,
            question=hide(self._case.question),
            context=context.model_copy(update={"history": history}),
        )

    def _drafted(self, prompt: Prompt, heard: Callable[[str], None] | None = None) -> Attempt | None:
        try:
            draft = self._model.draft(prompt, heard, self._listening.cancellation)
        except ModelError as error:
            self._failed(str(error))
            return None
        finally:
            self._clock.stop("model")
            self._asked(prompt)
        self._count(draft)
        verified = self._case.context.buyer_verified is True
        restored = self._masking.restored(draft.text, OWN_DATA if verified else NOTHING)
        if restored.withheld:
            self._failed(_WITHHELD)
            return None
        attempt = self.judged(restored.text)
        self._clock.stop("check")
        self._tell(attempt)
        return attempt

    def _failed(self, why: str) -> None:
        self._tell(Attempt("model", "", CheckResult("pass", ()), why))

    def _tell(self, attempt: Attempt) -> None:
        self.attempts.append(attempt)
        if self._listening.judged is not None:
            self._listening.judged(attempt)

    def _asked(self, prompt: Prompt) -> None:
        told = f"{prompt.name} v{prompt.version} {prompt.digest}"
        prompts = tuple(dict.fromkeys([*self.used.prompts, told]))
        self.used = replace(self.used, calls=self.used.calls + 1, prompts=prompts)

    def _count(self, draft: Draft) -> None:
        used, cost = self.used, draft.cost_yuan
        self.used = replace(
            used,
            prompt_tokens=used.prompt_tokens + draft.prompt_tokens,
            completion_tokens=used.completion_tokens + draft.completion_tokens,
            cost_yuan=used.cost_yuan if cost is None else cost + (0.0 if used.cost_yuan is None else used.cost_yuan),
        )


def _needs_nothing(attempt: Attempt) -> bool:
    return not attempt.missing and not attempt.check.findings


def _lacks(attempt: Attempt) -> tuple[int, int]:
    """Order drafts by what speaks against them; of equals the first stays."""
    return len(attempt.check.findings), len(attempt.missing)
