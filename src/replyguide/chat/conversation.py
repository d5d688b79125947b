"""One conversation: what was said, what is known, what was suggested last."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any

from replyguide.checker import CheckResult
from replyguide.context import FACT_PATHS, Context, Turn, read_context
from replyguide.copilot import Copilot, Suggestion
from replyguide.drafting.tone import Tone
from replyguide.errors import InputError
from replyguide.yaml_source import YamlError, parse_yaml

_BOTH = ("shop", "product")


class Conversation:
    """The buyer's and the agent's turns over a copilot. What cannot be used is an `InputError`, and changes nothing."""

    def __init__(self, copilot: Copilot, facts: Context, *, offline: bool = False) -> None:
        self.facts = facts
        self.history: list[Turn] = list(facts.history)
        self.last: Suggestion | None = None
        self._copilot = copilot
        self._offline = offline
        self._question: str | None = None
        self._answered = True
        self._again = 0

    def ask(self, question: str, *, tone: Tone | None = None) -> Iterator[Suggestion]:
        """Yield what may be sent, from approved wording at once, then with the model's draft.

        The buyer's message joins the history with the next turn; one that was never answered stays in it.
        """
        asked = self._copilot.suggestions(question, self._context(), offline=self._offline, tone=tone)
        first = next(asked)
        self._settle()
        self._question, self._answered, self._again = question, False, 0
        yield from self._kept(chain([first], asked))

    def ask_internally(self, question: str) -> Iterator[Suggestion]:
        """Yield the answer to a question of the agent's own; it is no part of the conversation with the buyer."""
        context = self.facts.model_copy(update={"asker": "agent", "history": []})
        yield from self._kept(self._copilot.suggestions(question, context, offline=True))

    def again(self, *, tone: Tone | None = None) -> Iterator[Suggestion]:
        """Yield another wording for the same message."""
        if self._question is None:
            raise InputError("还没有买家的消息，请先贴上一条")
        self._again += 1
        asked = self._copilot.suggestions(
            self._question, self._context(), offline=self._offline, tone=tone, again=self._again
        )
        yield from self._kept(asked)

    def sent(self, text: str | None = None) -> CheckResult:
        """Note what the agent has sent, the suggested reply without a text, and return what the checker says of it."""
        said = text if text is not None else self.reply()
        result = self.check(said)
        self._settle()
        self.history.append(Turn(role="agent", text=said))
        return result

    def check(self, reply: str) -> CheckResult:
        """Judge a reply to the buyer's last message."""
        return self._copilot.check(reply, self._context().model_copy(update={"question": self._question}))

    def reply(self) -> str:
        """Return the reply that may be sent; an `InputError` if there is none for a buyer."""
        last = self.last
        if last is None or last.reply is None:
            raise InputError("现在没有可以用的回复，请先贴上买家的消息")
        if last.asker == "agent":
            raise InputError("这是给同事看的内部参考，不能发给买家")
        return last.reply

    def put(self, path: str, value: str) -> None:
        """Set a fact such as `shop.free_shipping`; the value is written as in YAML."""
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
        self.history, self.last, self._question, self._answered, self._again = [], None, None, True, 0

    def as_json(self) -> dict[str, Any]:
        """Return the conversation as a context file that `load` and `--context` take."""
        told = self.facts.model_dump(mode="json", exclude_none=True, exclude_unset=True)
        return {**told, "history": [turn.model_dump() for turn in (*self.history, *self._waiting())]}

    def _kept(self, coming: Iterator[Suggestion]) -> Iterator[Suggestion]:
        for suggestion in coming:
            self.last = suggestion
            yield suggestion

    def _settle(self) -> None:
        """Put the buyer's last message into the history, once something follows it."""
        self.history += self._waiting()
        self._answered = True

    def _waiting(self) -> tuple[Turn, ...]:
        """Return the buyer's last message, unless it stands in the history already."""
        if self._question is None or self._answered:
            return ()
        return (Turn(role="buyer", text=self._question),)

    def _context(self) -> Context:
        # Who sits here pastes a buyer's message unless he says that he asks himself: nothing is guessed.
        return self.facts.model_copy(update={"history": list(self.history), "asker": self.facts.asker})

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
