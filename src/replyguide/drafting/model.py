"""The model client: one prompt in, one candidate reply out, within the time limit and the budget."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from replyguide.drafting import structured
from replyguide.drafting.breaker import Breaker
from replyguide.drafting.calls import Answer, Heard, Limits, asked_for
from replyguide.drafting.cancelling import Cancellation
from replyguide.drafting.cleaning import clean
from replyguide.drafting.failures import DraftError
from replyguide.drafting.prompts import Prompt
from replyguide.drafting.usage import Budget, Ledger, Use, budget_of, cost_of
from replyguide.errors import SettingsError
from replyguide.settings import Settings

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

# Local servers (vLLM, Ollama, llama.cpp) want no key, but the client refuses to start without one.
_PLACEHOLDER_KEY = "not-needed"
# Where a server counts no tokens: a Chinese character is about one, and so are three Latin letters.
_LETTERS_A_TOKEN = 3


@dataclass(frozen=True, slots=True)
class Draft:
    """A candidate reply, not yet checked. `milliseconds` covers all tries.

    Tokens are the server's count or, with `tokens_estimated`, a guess. `cost_yuan` is `None` where no price is set.
    """

    text: str
    model: str
    milliseconds: int
    prompt_tokens: int
    completion_tokens: int
    tokens_estimated: bool = False
    cost_yuan: float | None = None


class ChatModel:
    """A chat model behind `PROVIDER:NAME`, its `label`; threads may share it. The first draft builds the client."""

    def __init__(self, provider: str, name: str, settings: Settings) -> None:
        self.label = f"{provider}:{name}"
        self._provider = provider
        self._name = name
        self._settings = settings
        self._endpoint = f"{settings.openai_base_url} {self.label}"
        self._breaker = Breaker()
        self._ledger = Ledger(settings.data_dir)
        self._building = threading.Lock()

    @classmethod
    def from_settings(cls, settings: Settings) -> ChatModel:
        """Return the configured model; SettingsError if there is none or it isn't written `PROVIDER:NAME`."""
        if settings.model is None:
            raise SettingsError("没有配置模型，请设置 REPLYGUIDE_MODEL（例如 openai:qwen-plus）或使用 --offline")
        provider, name = (part.strip() for part in settings.model.partition(":")[::2])
        if not provider or not name:
            raise SettingsError(f"设置 model 应写成 PROVIDER:NAME（例如 openai:qwen-plus），现在是 {settings.model!r}")
        return cls(provider, name, settings)

    def __repr__(self) -> str:
        return f"ChatModel({self.label!r})"

    def warm(self) -> None:
        """Build the client in the background: its import takes seconds that the first draft need not wait for."""
        threading.Thread(target=self._try_to_build, name="replyguide-model-warm", daemon=True).start()

    def draft(
        self,
        prompt: Prompt,
        heard: Callable[[str], None] | None = None,
        cancellation: Cancellation | None = None,
    ) -> Draft:
        """Ask for one reply and clean it. Takes at most `model_timeout` seconds, retries and pauses included.

        With `heard` the answer is streamed: it is called with every piece of the raw text as it comes, on the thread
        that all requests share, and must return at once. Nothing of that has been checked. `cancellation` ends the
        request from another thread. Every failure is a DraftError (a ModelError) with its `kind`.
        """
        client = self._client  # importing and building it is no part of the model's time
        self._admit()
        started = time.monotonic()
        try:
            limits = Limits(
                deadline=started + self._settings.model_timeout,
                retries=self._settings.model_retries,
                cancellation=cancellation if cancellation is not None else Cancellation(),
            )
            answer = self._answer(client, prompt, heard, limits)
        except DraftError as error:
            if error.is_the_endpoints:
                self._breaker.failed()
            self._note(Use(calls=1, failures=1))
            raise
        self._breaker.succeeded()
        return self._drafted(answer, prompt, started)

    def _answer(
        self, client: BaseChatModel, prompt: Prompt, heard: Callable[[str], None] | None, limits: Limits
    ) -> Answer:
        messages = [("system", prompt.system), ("user", prompt.user)]
        if heard is None and self._asks_for_json():
            try:
                options = {"extra_body": {"response_format": structured.RESPONSE_FORMAT}}
                return asked_for(client, messages, options, None, limits)
            except DraftError as error:
                if self._settings.model_output == "structured" or error.status not in structured.REFUSALS:
                    raise
                structured.remember_refusal(self._endpoint)
        pieces = None if heard is None else Heard(heard)
        return asked_for(client, messages, {}, pieces, limits)

    def _asks_for_json(self) -> bool:
        wanted = self._settings.model_output
        if wanted == "text" or self._provider != "openai":
            return False
        return wanted == "structured" or structured.has_it(self._endpoint)

    def _drafted(self, answer: Answer, prompt: Prompt, started: float) -> Draft:
        """Count first: what cannot be used has been paid for all the same."""
        counted = answer.tokens
        asked, answered = counted if counted is not None else (_guessed(prompt.text), _guessed(answer.text))
        cost = cost_of(asked, answered, self._settings)
        use = Use(1, 0, asked, answered, 0.0 if cost is None else cost)
        try:
            text = clean(answer.text, prompt)
        except DraftError:
            self._note(Use(1, 1, use.prompt_tokens, use.completion_tokens, use.cost_yuan))
            raise
        self._note(use)
        spent = round((time.monotonic() - started) * 1000)
        return Draft(text, self.label, spent, asked, answered, counted is None, cost)

    def _admit(self) -> None:
        """Refuse a call while the circuit is open or the day's budget is used up."""
        if (closed_off := self._breaker.seconds_closed_off()) > 0:
            raise DraftError("resting", retry_after=closed_off)
        budget = budget_of(self._settings)
        if not budget.is_set:
            return
        try:
            over = budget.spent(self._ledger.today())
        except OSError:
            raise DraftError("ledger") from None
        if over is not None:
            raise DraftError("budget", setting=over)

    def _note(self, use: Use) -> None:
        """Write a call down. Without a budget nothing hangs on it, and a full disk stops no draft."""
        try:
            self._ledger.add(self.label, use)
        except OSError:
            if budget_of(self._settings) != Budget():
                raise DraftError("ledger") from None

    def _try_to_build(self) -> None:
        try:
            _ = self._client
        except DraftError:
            return  # the first draft tells what is missing

    @cached_property
    def _built(self) -> BaseChatModel:
        from langchain.chat_models import init_chat_model

        options: dict[str, Any] = {"timeout": self._settings.model_timeout, "max_retries": 0}
        if self._provider == "openai":
            options |= _openai_options(self._settings)
        try:
            client: BaseChatModel = init_chat_model(self._name, model_provider=self._provider, **options)
            return client
        except ImportError:
            raise DraftError("package", setting=f"langchain-{self._provider.replace('_', '-')}") from None
        except Exception as error:  # noqa: BLE001  # every provider's client has errors of its own
            # A missing key is the one set-up fault with a remedy of its own; the client's words may hold secrets.
            raise DraftError("key" if "api_key" in str(error).lower() else "setup") from None

    @property
    def _client(self) -> BaseChatModel:
        with self._building:
            return self._built


def _openai_options(settings: Settings) -> dict[str, Any]:
    options: dict[str, Any] = {"stream_usage": True}
    if settings.openai_base_url:
        # Compatible servers speak chat completions only, whatever their model is called.
        options |= {"base_url": settings.openai_base_url, "use_responses_api": False}
    key = (settings.openai_api_key or "").strip()
    if key or settings.openai_base_url:
        options["api_key"] = key or _PLACEHOLDER_KEY
    return options


def _guessed(text: str) -> int:
    latin = sum(character.isascii() for character in text)
    return len(text) - latin + latin // _LETTERS_A_TOKEN
