"""One conversation: what was said, what is known, what was suggested last."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from typing import TYPE_CHECKING, Any

from replyguide.checker import CheckResult
from replyguide.context import FACT_PATHS, Context, Turn, read_context
from replyguide.copilot import Copilot, Listening, Suggestion
from replyguide.drafting.cancelling import Cancellation
from replyguide.drafting.tone import Tone
from replyguide.errors import InputError
from replyguide.yaml_source import YamlError, parse_yaml

if TYPE_CHECKING:
    from replyguide.checker.why.explanation import Explanation

_BOTH = ("shop", "product")


class Conversation:
    """The buyer's and the agent's turns over a copilot. What cannot be used is an `InputError`, and changes nothing.

    Whoever stops taking suggestions from an iterator, also by an interrupt, stops the model; the last one that he took
    stays usable. A reply that was copied counts as sent once the buyer has written again, unless the agent tells what
    was sent: how often it is copied, and that it is changed before it goes out, makes no difference.
    """

    def __init__(self, copilot: Copilot, facts: Context, *, offline: bool = False) -> None:
        self.facts = facts
        self.history: list[Turn] = list(facts.history)
        self.last: Suggestion | None = None
        self._copilot = copilot
        self._offline = offline
        self._question: str | None = None
        self._answered = True
        self._copied: str | None = None
        self._again = 0

    def ask(self, question: str, *, tone: Tone | None = None) -> Iterator[Suggestion]:
        """Yield what may be sent, from approved wording at once, then with the model's draft.

        The buyer's message joins the history with the next turn; one that was never answered stays in it.
        """
        turns = [*self.history, *self._unsettled()]
        asked = self._suggestions(question, self._context(turns), tone=tone)
        first = next(asked)
        self.history = turns
        self._question, self._answered, self._copied, self._again = question, False, None, 0
        yield from self._kept(chain([first], asked))

    def ask_internally(self, question: str) -> Iterator[Suggestion]:
        """Yield the answer to a question of the agent's own; it is no part of the conversation with the buyer."""
        context = self.facts.model_copy(update={"asker": "agent", "history": []})
        yield from self._kept(self._suggestions(question, context, offline=True))

    def again(self, *, tone: Tone | None = None) -> Iterator[Suggestion]:
        """Yield another wording for the same message; a `tone` takes a model."""
        if self._question is None:
            raise InputError("还没有买家的消息，请先贴上一条")
        if tone is not None and (self._offline or self._copilot.model is None):
            raise InputError("没有用模型，换不了语气；用 /换 换一种说法，或配置 REPLYGUIDE_MODEL 后再试")
        self._again += 1
        yield from self._kept(self._suggestions(self._question, self._context(), tone=tone, again=self._again))

    def copied(self) -> str:
        """Return the reply that may be sent, and take it for sent if the buyer writes before something else is told."""
        self._copied = self.reply()
        return self._copied

    def sent(self, text: str | None = None) -> CheckResult:
        """Note what the agent has sent, the suggested reply without a text, and return what the checker says of it."""
        said = text if text is not None else self.reply()
        result = self.check(said)
        self._copied = None
        self.history += [*self._unsettled(), Turn(role="agent", text=said)]
        self._answered = True
        return result

    def check(self, reply: str) -> CheckResult:
        """Judge a reply to the buyer's last message."""
        return self._copilot.check(reply, self._around_reply())

    def explain(self, reply: str | None = None) -> Explanation:
        """Judge a reply, the suggested one without a text, and tell why."""
        return self._copilot.explain(reply if reply is not None else self.reply(), self._around_reply())

    def reply(self) -> str:
        """Return the reply that may be sent; an `InputError` if there is none for a buyer."""
        last = self.last
        if last is None or last.reply is None:
            raise InputError("现在没有可以用的回复，请先贴上买家的消息")
        if last.asker == "agent":
            raise InputError("这是给同事看的内部参考，不能发给买家；用 /换 回到买家的消息")
        return last.reply

    def put(self, path: str, value: str) -> None:
        """Set a fact such as `shop.free_shipping`; the value is written as in YAML."""
        if path in FACT_PATHS and not value:
            raise InputError(f"{path} 后面要写值；要清掉这一项，用 /清 {path}")
        try:
            data = parse_yaml(value)
        except YamlError:
            data = value
        self.facts = self._changed(path, data)

    def clear(self, path: str) -> None:
        """Make a fact unknown again."""
        self.facts = self._changed(path, None)

    def load(self, data: Any, where: str) -> None:
        """Take the facts, and the history if there is one, of a whole context."""
        context = read_context(data, where=where)
        self.facts = context.model_copy(update={"history": []})
        if context.history:
            self.history = list(context.history)

    def begin_anew(self) -> None:
        """Begin a conversation with another buyer: the shop's facts stay, those of buyer and item go."""
        self.facts = Context(shop=self.facts.shop)
        self.history, self.last, self._copied = [], None, None
        self._question, self._answered, self._again = None, True, 0

    def as_json(self) -> dict[str, Any]:
        """Return the conversation as a context file that `load` and `--context` take."""
        told = self.facts.model_dump(mode="json", exclude_none=True, exclude_unset=True)
        return {**told, "history": [turn.model_dump() for turn in (*self.history, *self._unsettled())]}

    def _suggestions(
        self, question: str, context: Context, *, tone: Tone | None = None, again: int = 0, offline: bool = False
    ) -> Iterator[Suggestion]:
        cancellation = Cancellation()
        coming = self._copilot.suggestions(
            question,
            context,
            offline=offline or self._offline,
            tone=tone,
            again=again,
            listening=Listening(cancellation=cancellation),
        )
        # On a thread of its own: an interrupt ends the wait here, and the model's request is still there to be stopped.
        worker = ThreadPoolExecutor(1, "replyguide-chat")
        try:
            while (suggestion := worker.submit(next, coming, None).result()) is not None:
                yield suggestion
        finally:
            cancellation.cancel()
            worker.shutdown(wait=False)

    def _kept(self, coming: Iterator[Suggestion]) -> Iterator[Suggestion]:
        for suggestion in coming:
            self.last = suggestion
            yield suggestion

    def _unsettled(self) -> Iterator[Turn]:
        """Yield what joins the history once something follows: the buyer's last message, the reply that was copied."""
        if self._question is not None and not self._answered:
            yield Turn(role="buyer", text=self._question)
        if self._copied is not None:
            yield Turn(role="agent", text=self._copied)

    def _context(self, turns: list[Turn] | None = None) -> Context:
        # Who sits here pastes a buyer's message unless he says that he asks himself: nothing is guessed.
        history = list(self.history if turns is None else turns)
        return self.facts.model_copy(update={"history": history, "asker": self.facts.asker})

    def _around_reply(self) -> Context:
        return self._context().model_copy(update={"question": self._question})

    def _changed(self, path: str, value: Any) -> Context:
        if path not in FACT_PATHS:
            raise InputError(f"没有 {path} 这一项，可用的有 {'、'.join(sorted(FACT_PATHS))}")
        room, _, name = path.partition(".")
        told: dict[str, Any] = json.loads(self.facts.model_dump_json(exclude_none=True, exclude_unset=True))
        told.pop("history", None)
        if room in _BOTH:
            inner: Mapping[str, Any] = told.get(room, {})
            told[room] = {**inner, name: value}
        else:
            told[path] = value
        return read_context(told, where=path)
