"""One request to a model, with its retries and its time limit."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from replyguide.drafting.cancelling import Cancellation
from replyguide.drafting.failures import DraftError, failure_of

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessage
    from tenacity import RetryCallState

Messages = Sequence[tuple[str, str]]

_FIRST_PAUSE = 0.4
_LONGEST_PAUSE = 8.0
_LONGEST_STREAM = 100_000  # characters; a server that never ends is not listened to any longer


@dataclass(frozen=True, slots=True)
class Answer:
    """The raw words of a model; `tokens` are those of prompt and answer, `None` where the server counts none."""

    text: str
    tokens: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Limits:
    """How long and how often to ask: `deadline` is one of `time.monotonic`, `retries` come after the first try."""

    deadline: float
    retries: int
    cancellation: Cancellation


class Heard:
    """Passes the pieces of a stream on, and knows whether there were any; `stop` ends that, whatever still comes."""

    def __init__(self, listener: Callable[[str], None]) -> None:
        self.anything = False
        self._listener = listener
        self._stopped = threading.Event()

    def __call__(self, piece: str) -> None:
        """Pass on a piece."""
        if piece and not self._stopped.is_set():
            self.anything = True
            self._listener(piece)

    def stop(self) -> None:
        """Pass on nothing any more."""
        self._stopped.set()


def asked_for(
    client: BaseChatModel,
    messages: Messages,
    options: Mapping[str, Any],
    heard: Heard | None,
    limits: Limits,
) -> Answer:
    """Ask until there is an answer, a failure that no retry mends, or a limit is reached.

    What was heard in part is not asked for again. A cut, filtered, refused or tool-calling answer is none: DraftError.
    """
    import tenacity

    def ask() -> AIMessage:
        try:
            seconds = limits.deadline - time.monotonic()
            return limits.cancellation.run(lambda: _message(client, messages, options, heard), seconds)
        except Exception as error:  # noqa: BLE001  # every provider's client has errors of its own
            # `from None`: what the client raised may hold the key, and must not show up in a traceback.
            raise failure_of(error) from None

    attempts = tenacity.Retrying(
        retry=tenacity.retry_if_exception(lambda error: _may_be_asked_again(error, heard)),
        wait=_pause,
        stop=lambda state: (
            state.attempt_number > limits.retries or time.monotonic() + state.upcoming_sleep >= limits.deadline
        ),
        sleep=limits.cancellation.pause,
        reraise=True,
    )
    try:
        message = attempts(ask)
    finally:
        if heard is not None:
            heard.stop()
    usage = message.usage_metadata
    tokens = None if usage is None else (usage["input_tokens"], usage["output_tokens"])
    return Answer(_content(message), tokens if tokens != (0, 0) else None)


def _may_be_asked_again(error: BaseException, heard: Heard | None) -> bool:
    return isinstance(error, DraftError) and error.may_pass and not (heard is not None and heard.anything)


async def _message(
    client: BaseChatModel, messages: Messages, options: Mapping[str, Any], heard: Heard | None
) -> AIMessage:
    if heard is None:
        return await client.ainvoke(list(messages), **options)
    whole, length = None, 0
    async for chunk in client.astream(list(messages), **options):
        whole = chunk if whole is None else whole + chunk
        piece = str(chunk.text)
        length += len(piece)
        if length > _LONGEST_STREAM:
            raise DraftError("too_long")
        heard(piece)
    if whole is None:
        raise DraftError("empty")
    return whole


def _content(answer: AIMessage) -> str:
    """Return the words of an answer; a cut, filtered, refused or tool-calling answer is none."""
    finish = answer.response_metadata.get("finish_reason")
    if finish == "content_filter" or answer.additional_kwargs.get("refusal"):
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
