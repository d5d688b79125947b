"""The model client against a scripted server: the real client, the real wire."""

from __future__ import annotations

import time
from email.utils import formatdate
from pathlib import Path

import pytest
from scripted_server import Answer, ScriptedServer, cut_off, malformed, says, status

from replyguide.context import Context
from replyguide.drafting.failures import DraftError, FailureKind
from replyguide.drafting.model import ChatModel, Draft
from replyguide.drafting.prompts import draft_prompt
from replyguide.errors import ModelError, SettingsError
from replyguide.settings import Settings

REPLY = "亲，您好，发票是有的，感谢您的支持！"
KEY = "sk-secret-0123456789"
TOOL_CALL = {"id": "call_1", "type": "function", "function": {"name": "send", "arguments": "{}"}}
PROMPT = draft_prompt([], "有发票吗", Context())


@pytest.fixture(scope="module", autouse=True)
def _client_is_loaded() -> None:
    """Import the client once, so that its seconds do not count into the first test's limits."""
    import langchain.chat_models
    import langchain_openai

    assert langchain.chat_models
    assert langchain_openai


def settings(url: str | None, *, timeout: float = 5.0, retries: int = 2, key: str | None = KEY) -> Settings:
    return Settings(
        data_dir=Path("unused"),
        model="openai:qwen2.5:7b",
        openai_api_key=key,
        openai_base_url=url,
        model_timeout=timeout,
        model_retries=retries,
    )


def draft(server: ScriptedServer, *, timeout: float = 5.0, retries: int = 2, key: str | None = KEY) -> Draft:
    return ChatModel.from_settings(settings(server.url, timeout=timeout, retries=retries, key=key)).draft(PROMPT)


def failure(script: list[Answer], *, timeout: float = 5.0, retries: int = 2) -> tuple[DraftError, int, float]:
    """Return what `draft` raised, how many requests it made and how many seconds it took."""
    started = time.monotonic()
    with ScriptedServer(script) as server:
        with pytest.raises(DraftError) as raised:
            draft(server, timeout=timeout, retries=retries)
        return raised.value, len(server.requests), time.monotonic() - started


def test_a_good_answer_becomes_a_draft() -> None:
    """Text, model, time and tokens are told; the name keeps its own colon."""
    with ScriptedServer([says(f"回复：{REPLY}")]) as server:
        found = draft(server)
        request = server.requests[0]

    assert (found.text, found.model, found.prompt_tokens, found.completion_tokens) == (
        REPLY,
        "openai:qwen2.5:7b",
        11,
        7,
    )
    assert 0 <= found.milliseconds < 5000
    assert (request.path, request.body["model"]) == ("/v1/chat/completions", "qwen2.5:7b")
    assert [message["role"] for message in request.body["messages"]] == ["system", "user"]
    assert request.text == f"{PROMPT.system}\n{PROMPT.user}"
    assert request.headers["authorization"] == f"Bearer {KEY}"


def test_a_server_that_counts_no_tokens_is_fine() -> None:
    """They are guessed then, and that is said."""
    with ScriptedServer([says(REPLY, usage=False)]) as server:
        drafted = draft(server)
    assert (drafted.tokens_estimated, drafted.completion_tokens, drafted.prompt_tokens > 500) == (
        True,
        len(REPLY),
        True,
    )


def test_a_local_server_needs_no_key() -> None:
    """Ollama and llama.cpp ask for none."""
    with ScriptedServer([says(REPLY)]) as server:
        assert draft(server, key=None).text == REPLY


def test_one_client_serves_many_drafts() -> None:
    """The client is built once and kept."""
    with ScriptedServer([says(REPLY)]) as server:
        model = ChatModel.from_settings(settings(server.url))

        assert [model.draft(PROMPT).text for _ in range(3)] == [REPLY] * 3


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (401, "key"),
        (402, "forbidden"),
        (403, "forbidden"),
        (404, "not_found"),
    ],
)
def test_what_will_not_pass_is_asked_once(code: int, kind: FailureKind) -> None:
    """No retry can mend a wrong key, a missing model or a bad request."""
    error, requests, _ = failure([status(code), says(REPLY)])

    assert (error.kind, error.status, requests) == (kind, code, 1)
    assert f"（{code}）" in str(error)


@pytest.mark.parametrize("code", [400, 422])
def test_a_bad_request_is_asked_once_more_in_plain_text_and_then_told(code: int) -> None:
    """It may have been the wish for JSON."""
    error, requests, _ = failure([status(code)])

    assert (error.kind, error.status, requests) == ("bad_request", code, 2)


@pytest.mark.parametrize("code", [408, 409, 429, 500, 502, 503, 504])
def test_what_may_pass_is_tried_again(code: int) -> None:
    """One failure in between is not seen by anyone."""
    with ScriptedServer([status(code, retry_after="0"), says(REPLY)]) as server:
        assert draft(server).text == REPLY
        assert len(server.requests) == 2


def test_two_server_errors_then_a_good_answer() -> None:
    """Without Retry-After the pauses are short and grow."""
    with ScriptedServer([status(500), status(500), says(REPLY)]) as server:
        assert draft(server).text == REPLY


def test_tries_are_counted() -> None:
    """Two retries are three requests; none is one."""
    error, requests, _ = failure([status(500, retry_after="0")])
    assert (error.kind, requests) == ("server", 3)

    _, requests, _ = failure([status(500, retry_after="0")], retries=0)
    assert requests == 1


def test_waits_as_long_as_the_server_asks() -> None:
    """Retry-After is kept."""
    started = time.monotonic()
    with ScriptedServer([status(429, retry_after="0.5"), says(REPLY)]) as server:
        assert draft(server).text == REPLY

    assert time.monotonic() - started >= 0.5


@pytest.mark.parametrize("wait", ["3600", formatdate(time.time() + 3600, usegmt=True)])
def test_gives_up_at_once_when_asked_to_wait_beyond_the_limit(wait: str) -> None:
    """A buyer is waiting: the script composer answers now rather than the model in an hour."""
    error, requests, seconds = failure([status(429, retry_after=wait), says(REPLY)])

    assert (error.kind, requests) == ("rate_limit", 1)
    assert seconds < 2


@pytest.mark.parametrize("wait", ["soon", "-1", "nan", "inf"])
def test_a_senseless_retry_after_is_ignored(wait: str) -> None:
    """The own pause is used instead."""
    with ScriptedServer([status(503, retry_after=wait), says(REPLY)]) as server:
        assert draft(server).text == REPLY


def test_a_late_answer_is_not_waited_for() -> None:
    """The limit holds for everything."""
    error, _, seconds = failure([says(REPLY, delay=10)], timeout=0.5)

    assert error.kind == "timeout"
    assert seconds < 2


def test_an_answer_that_drips_is_not_waited_for() -> None:
    """Also when every single byte comes in time."""
    error, _, seconds = failure([says(REPLY, drip=0.1)], timeout=0.5)

    assert error.kind == "timeout"
    assert seconds < 2


def test_retries_share_the_limit() -> None:
    """Retries do not multiply the time."""
    _, _, seconds = failure([status(500, retry_after="0.3")], timeout=1.0, retries=50)

    assert seconds < 2


def test_no_time_means_no_request() -> None:
    """A limit of nought seconds is a limit."""
    error, requests, _ = failure([says(REPLY)], timeout=0)

    assert (error.kind, requests) == ("timeout", 0)


def test_a_cut_connection_is_tried_again() -> None:
    """One cut is mended, a line that stays cut is told."""
    with ScriptedServer([cut_off(), says(REPLY)]) as server:
        assert draft(server).text == REPLY

    error, requests, _ = failure([cut_off()], retries=1)
    assert (error.kind, requests) == ("connection", 2)


def test_nobody_listening_is_a_connection_failure() -> None:
    """The server is down."""
    with ScriptedServer([says(REPLY)]) as server:
        gone = server.url
    with pytest.raises(DraftError) as raised:
        ChatModel.from_settings(settings(gone, retries=0)).draft(PROMPT)

    assert raised.value.kind == "connection"


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (malformed(), "format"),
        (malformed(b"<html>login</html>"), "format"),
        (Answer(body=b"<html>login</html>", headers={"Content-Type": "text/html"}), "format"),
        (malformed(b'{"choices": null}'), "format"),
        (malformed(b'{"choices": []}'), "format"),
        (malformed(b'{"error": {"message": "sk-secret-0123456789"}}'), "format"),
        (malformed(b"[]"), "format"),
        (malformed(b""), "format"),
        (malformed(b'{"choices": [{"index": 0}]}'), "format"),
        (says(""), "empty"),
        (says(None), "empty"),
        (says("<think>嗯</think>"), "empty"),
        (says(None, tool_calls=[TOOL_CALL], finish="tool_calls"), "format"),
        (says("亲" * 3_000_000), "too_long"),
        (says("亲，您好，发票是", finish="length"), "too_long"),
        (says("", finish="content_filter"), "refused"),
        (says("Sure, here you are."), "language"),
    ],
)
def test_an_unusable_answer_is_told_by_its_kind(answer: Answer, kind: FailureKind) -> None:
    """Nothing but a reply leaves the client, and no unusable answer is asked for again."""
    error, requests, _ = failure([answer])

    assert (error.kind, requests) == (kind, 1)


def test_a_reply_that_breaks_the_rules_is_still_a_draft() -> None:
    """Whether it may be sent is for the checker."""
    with ScriptedServer([says("亲，加我微信 abc123 转账便宜，谢谢您")]) as server:
        assert "微信" in draft(server).text


@pytest.mark.parametrize("script", [[status(401, message=f"bad key {KEY}")], [cut_off()], [malformed(KEY.encode())]])
def test_no_secret_gets_into_a_message(script: list[Answer]) -> None:
    """Neither the key nor the credentials in the URL, also when the server repeats them."""
    with ScriptedServer(script) as server:
        url = server.url.replace("http://", "http://shop:hunter2@")
        model = ChatModel.from_settings(settings(url, retries=0))
        with pytest.raises(ModelError) as raised:
            model.draft(PROMPT)

    assert raised.value.__suppress_context__
    for text in (str(raised.value), repr(raised.value), repr(model)):
        assert KEY not in text
        assert "hunter2" not in text


def test_a_key_that_no_header_can_carry_is_a_wrong_key() -> None:
    """A key pasted with Chinese characters fails before it is sent."""
    with ScriptedServer([says(REPLY)]) as server, pytest.raises(DraftError) as raised:
        draft(server, key="密钥")

    assert raised.value.kind == "key"


def test_without_key_and_server_the_key_is_missing() -> None:
    """The remedy is named."""
    with pytest.raises(DraftError, match="OPENAI_API_KEY") as raised:
        ChatModel.from_settings(settings(None, key=None)).draft(PROMPT)

    assert raised.value.kind == "key"


def test_an_unknown_provider_is_told() -> None:
    """The set-up is wrong, not the network."""
    unknown = Settings(data_dir=Path("unused"), model="nobody:nothing")
    with pytest.raises(DraftError, match="REPLYGUIDE_MODEL") as raised:
        ChatModel.from_settings(unknown).draft(PROMPT)

    assert raised.value.kind == "setup"


@pytest.mark.parametrize("model", [None, "gpt-4o", ":x", "openai:", " : "])
def test_a_model_is_provider_and_name(model: str | None) -> None:
    """Everything else is a mistake in the settings."""
    with pytest.raises(SettingsError, match="openai:qwen-plus"):
        ChatModel.from_settings(Settings(data_dir=Path("unused"), model=model))
