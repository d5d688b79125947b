"""The whole pipeline behind one object."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Any

from replyguide.checker import Checker, CheckResult, load_checker
from replyguide.checker.listing import rules_of, summary_of
from replyguide.context import Context
from replyguide.copilot.asking import asked, said
from replyguide.copilot.clock import Clock
from replyguide.copilot.listening import SILENT, Listening
from replyguide.copilot.suggestion import Suggestion
from replyguide.settings import Settings

if TYPE_CHECKING:
    from replyguide.checker.why.explanation import Explanation
    from replyguide.copilot.phrases import Phrase
    from replyguide.copilot.run import Run
    from replyguide.drafting.model import ChatModel
    from replyguide.drafting.tone import Tone
    from replyguide.index import Index, SearchResult

Progress = Callable[[int, int], None]

RULES_SHOWN = 5
# Seconds after which a running copilot looks whether someone updated the index.
_LOOK_AGAIN = 2.0


class Copilot:
    """The whole pipeline behind one object. Rooms that cost seconds to load are opened by the first call.

    `model` takes the place of the one that the settings name.
    """

    def __init__(self, settings: Settings, *, progress: Progress | None = None, model: ChatModel | None = None) -> None:
        self.settings = settings
        self._progress = progress
        self._lock = threading.Lock()
        self._checker: Checker | None = None
        self._index: Index | None = None
        self._look_again = 0.0
        self._model = model

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
        text = said(reply, "回复")
        return self.checker.check(text, context)

    def explain(self, reply: str, context: Context | None = None) -> Explanation:
        """Judge a reply and tell why, with what was excused; an empty one is an `InputError`."""
        text = said(reply, "回复")
        return self.checker.explain(text, context)

    def search(self, question: str, k: int = RULES_SHOWN, context: Context | None = None) -> SearchResult:
        """Find the rules that a question touches."""
        text = asked(question)
        return self.index.search(text, k, tuple(context.history) if context is not None else ())

    def rule(self, rule_id: str) -> dict[str, Any] | None:
        """Tell one rule as JSON data: of the checker (`INV-refuse`) or of the corpus, as hits name it (`invoice-have`).

        `None` if neither has it. The index is looked at only for what the checker does not know.
        """
        found = next((rule for rule in rules_of(self.checker) if rule.spec.id == rule_id), None)
        if found is not None:
            return summary_of(found)
        try:
            return self.index.rule(rule_id).as_json()
        except KeyError:
            return None

    def phrases(self, words: str, limit: int, context: Context | None = None) -> list[Phrase]:
        """Return approved wording for agents to look through, nearest to `words` first; all of it passes the checker.

        Without words it is the whole library, topic by topic.
        """
        from replyguide.copilot.phrases import library, nearest

        situation = context if context is not None else Context()
        found = nearest(self.search(words, limit), self.index) if words.strip() else self.index.rules
        return list(islice(library(found, self.checker, situation), limit))

    def suggest(
        self,
        question: str,
        context: Context | None = None,
        *,
        offline: bool = False,
        tone: Tone | None = None,
        again: int = 0,
    ) -> Suggestion:
        """Answer a buyer's question with a reply that passes the checker, or hand over with the reason.

        `tone` has the model reword the approved reply instead of drafting one. `again` counts how often the agent has
        asked for another one: the courtesy around approved wording changes, the answer does not.
        """
        run = self._run(question, context)
        model = None if offline else self.model
        return run.first(again) if model is None else run.final(model, tone, again)

    def suggestions(
        self,
        question: str,
        context: Context | None = None,
        *,
        offline: bool = False,
        tone: Tone | None = None,
        again: int = 0,
        listening: Listening = SILENT,
    ) -> Iterator[Suggestion]:
        """Yield the rules with an approved reply at once, then, if there is a model, the suggestion with its draft.

        The first one is as safe to send as the last. Of both the rules are the same, and so is the `suggestion_id`.
        `listening` is told what the model writes meanwhile, and can have it stop.
        """
        model = None if offline else self.model
        if model is not None:
            model.warm()
        run = self._run(question, context)
        at_once = run.first(again)
        if model is None:
            yield at_once
            return
        yield replace(at_once, is_final=False)
        yield replace(run.final(model, tone, again, listening), suggestion_id=at_once.suggestion_id)

    def _run(self, question: str, context: Context | None) -> Run:
        from replyguide.copilot.run import Run

        text = asked(question)
        situation = (context if context is not None else Context()).model_copy(update={"question": text})
        clock = Clock()
        found = self.search(text, RULES_SHOWN, situation)
        clock.stop("search")
        return Run(self.checker, self.index, found, text, situation, clock)
