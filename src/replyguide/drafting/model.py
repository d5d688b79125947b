"""The model client: one prompt in, one candidate reply out, within the time limit."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from replyguide.drafting.cleaning import clean
from replyguide.drafting.failures import DraftError, failure_of
from replyguide.drafting.prompts import Prompt
from replyguide.errors import SettingsError
from replyguide.settings import Settings

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessage
    from tenacity import RetryCallState

T = TypeVar("T")

# Local servers (vLLM, Ollama, llama.cpp) want no key, but the client refuses to start without one.
_PLACEHOLDER_KEY = "not-needed"
_FIRST_PAUSE = 0.4
_LONGEST_PAUSE = 8.0


@dataclass(frozen=True, slots=True)
class Draft:
    """A candidate reply, not yet checked. `milliseconds` covers all tries, tokens only the last one."""

    text: str
    model: str
    milliseconds: int
    prompt_tokens: int | None
    completion_tokens: int | None


class ChatModel:
    """A chat model behind `PROVIDER:NAME`, its `label`. The client is built by the first draft."""

    def __init__(self, provider: str, name: str, settings: Settings) -> None:
        self.label = f"{provider}:{name}"
        self._provider = provider
        self._name = name
        self._settings = settings

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

    def draft(self, prompt: Prompt) -> Draft:
        """Ask for one reply and clean it. Takes at most `model_timeout` seconds, retries and pauses included.

        Every failure is a DraftError (a ModelError) with its `kind`.
        """
        client = self._client  # importing and building it is no part of the model's time
        started = time.monotonic()
        answer = self._answer(client, prompt, deadline=started + self._settings.model_timeout)
        text = clean(_content(answer), prompt)
        usage = answer.usage_metadata
        return Draft(
            text=text,
            model=self.label,
            milliseconds=round((time.monotonic() - started) * 1000),
            prompt_tokens=None if usage is None else usage["input_tokens"],
            completion_tokens=None if usage is None else usage["output_tokens"],
        )

    def _answer(self, client: BaseChatModel, prompt: Prompt, *, deadline: float) -> AIMessage:
        import tenacity

        messages = [("system", prompt.system), ("user", prompt.user)]

        def ask() -> AIMessage:
            try:
                return _within(deadline - time.monotonic(), lambda: client.invoke(messages))
            except Exception as error:  # noqa: BLE001  # every provider's client has errors of its own
                # `from None`: what the client raised may hold the key, and must not show up in a traceback.
                raise failure_of(error) from None

        attempts = tenacity.Retrying(
            retry=tenacity.retry_if_exception(lambda error: isinstance(error, DraftError) and error.may_pass),
            wait=_pause,
            stop=lambda state: (
                state.attempt_number > self._settings.model_retries
                or time.monotonic() + state.upcoming_sleep >= deadline
            ),
            reraise=True,
        )
        return attempts(ask)

    @cached_property
    def _client(self) -> BaseChatModel:
        from langchain.chat_models import init_chat_model

        options: dict[str, Any] = {"timeout": self._settings.model_timeout, "max_retries": 0}
        if self._provider == "openai":
            options |= _openai_options(self._settings)
        try:
            client: BaseChatModel = init_chat_model(self._name, model_provider=self._provider, **options)
            return client
        except Exception as error:  # noqa: BLE001  # as above: packages, providers, keys
            # A missing key is the one set-up fault with a remedy of its own; the client's words may hold secrets.
            raise DraftError("key" if "api_key" in str(error).lower() else "setup") from None


def _openai_options(settings: Settings) -> dict[str, Any]:
    options: dict[str, Any] = {}
    if settings.openai_base_url:
        # Compatible servers speak chat completions only, whatever their model is called.
        options |= {"base_url": settings.openai_base_url, "use_responses_api": False}
    key = (settings.openai_api_key or "").strip()
    if key or settings.openai_base_url:
        options["api_key"] = key or _PLACEHOLDER_KEY
    return options


def _content(answer: AIMessage) -> str:
    """Return the words of an answer; a cut, filtered or tool-calling answer is none."""
    finish = answer.response_metadata.get("finish_reason")
    if finish == "content_filter":
        raise DraftError("refused")
    if finish == "length":
        raise DraftError("too_long")
    text = str(answer.text)
    if not text.strip() and (answer.tool_calls or answer.invalid_tool_calls):
        raise DraftError("format")
    return text


def _pause(state: RetryCallState) -> float:
    """Return the seconds before the next try: what the server asks for, else doubling with jitter."""
    import tenacity

    failure = state.outcome.exception() if state.outcome is not None else None
    if isinstance(failure, DraftError) and failure.retry_after is not None:
        return failure.retry_after
    return tenacity.wait_random_exponential(multiplier=_FIRST_PAUSE, max=_LONGEST_PAUSE)(state)


def _within(seconds: float, call: Callable[[], T]) -> T:
    """Return what `call` returns, TimeoutError after `seconds`.

    The clients' own timeouts count from byte to byte: a server that drips would keep them forever. The call
    runs on a daemon thread, which is left behind when time is up and keeps no process alive.
    """
    outcome: Future[T] = Future()

    def run() -> None:
        try:
            outcome.set_result(call())
        except Exception as error:  # noqa: BLE001  # handed to the waiting thread
            outcome.set_exception(error)

    if seconds <= 0:
        raise TimeoutError
    threading.Thread(target=run, name="replyguide-model", daemon=True).start()
    return outcome.result(timeout=seconds)
