"""What a model takes: JSON or text, a stream, a rest after failures, tokens, cost and a budget for the day."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import Any

import pytest
from scripted_server import Answer, ScriptedServer, cut_off, says, status, streams

from replyguide.context import Context
from replyguide.drafting.breaker import Breaker
from replyguide.drafting.failures import DraftError
from replyguide.drafting.model import ChatModel
from replyguide.drafting.prompts import draft_prompt
from replyguide.drafting.usage import FILE, Ledger, Use
from replyguide.settings import Settings

REPLY = "亲，您好，发票是有的，感谢您的支持！"
PROMPT = draft_prompt([], "有发票吗", Context())
JSON_REPLY = f'{{"reply": "{REPLY}"}}'


@pytest.fixture(scope="module", autouse=True)
def _client_is_loaded() -> None:
    """Import the client once, so that its seconds do not count into the first test's limits."""
    import langchain_openai

    assert langchain_openai


def model(server: ScriptedServer, folder: Path, **more: Any) -> ChatModel:
    fields: dict[str, Any] = {"model_timeout": 5.0, "model_retries": 0, **more}
    return ChatModel.from_settings(
        Settings(data_dir=folder, model="openai:m", openai_api_key="sk-x", openai_base_url=server.url, **fields)
    )


def kind_of(client: ChatModel, heard: Any = None) -> str:
    with pytest.raises(DraftError) as raised:
        client.draft(PROMPT, heard)
    return raised.value.kind


# JSON where the endpoint has it


def test_json_is_asked_for_and_read(tmp_path: Path) -> None:
    with ScriptedServer([says(JSON_REPLY)]) as server:
        assert model(server, tmp_path).draft(PROMPT).text == REPLY
    assert server.requests[0].body["response_format"]["type"] == "json_schema"


def test_a_server_that_passes_the_wish_for_json_over_is_asked_once(tmp_path: Path) -> None:
    with ScriptedServer([says(REPLY)]) as server:
        assert model(server, tmp_path).draft(PROMPT).text == REPLY
    assert len(server.requests) == 1


def test_a_server_that_refuses_json_is_asked_in_plain_text_from_then_on(tmp_path: Path) -> None:
    with ScriptedServer([status(400), says(REPLY)]) as server:
        client = model(server, tmp_path)
        assert [client.draft(PROMPT).text for _ in range(2)] == [REPLY, REPLY]
    assert ["response_format" in request.body for request in server.requests] == [True, False, False]


@pytest.mark.parametrize(("output", "asked"), [("text", False), ("structured", True)])
def test_a_setting_decides_for_json_or_text(tmp_path: Path, output: str, asked: bool) -> None:
    with ScriptedServer([says(JSON_REPLY)]) as server:
        model(server, tmp_path, model_output=output).draft(PROMPT)
    assert ("response_format" in server.requests[0].body) == asked


def test_half_a_json_is_a_wrong_format(tmp_path: Path) -> None:
    with ScriptedServer([says('{"reply": "亲，发票是有')]) as server:
        assert kind_of(model(server, tmp_path)) == "format"


@pytest.mark.parametrize(
    "refusal",
    [
        "抱歉，作为一个人工智能语言模型，我无法回答。",
        "很抱歉，我无法满足您的请求。",
        "亲，我只是一个AI，帮不了您",
        "亲 As an AI, I cannot do that",
    ],
)
def test_a_model_that_refuses_has_drafted_nothing(tmp_path: Path, refusal: str) -> None:
    with ScriptedServer([says(refusal)]) as server:
        assert kind_of(model(server, tmp_path)) == "refused"


# a stream


def test_a_stream_is_heard_piece_by_piece_and_becomes_a_draft(tmp_path: Path) -> None:
    heard: list[str] = []
    with ScriptedServer([streams("亲，您好，", "发票是有的，", "感谢您的支持！")]) as server:
        assert model(server, tmp_path).draft(PROMPT, heard.append).text == REPLY
    assert (heard, server.requests[0].body["stream"]) == (["亲，您好，", "发票是有的，", "感谢您的支持！"], True)


def test_a_stream_that_breaks_off_is_not_asked_for_again(tmp_path: Path) -> None:
    with ScriptedServer([streams("亲，您好，", end=False), streams(REPLY)]) as server:
        assert kind_of(model(server, tmp_path, model_retries=2), lambda _: None) == "connection"
    assert len(server.requests) == 1


def test_a_stream_that_never_began_is_asked_for_again(tmp_path: Path) -> None:
    with ScriptedServer([status(500, retry_after="0"), streams(REPLY)]) as server:
        assert model(server, tmp_path, model_retries=1).draft(PROMPT, lambda _: None).text == REPLY


def test_an_empty_stream_is_no_draft(tmp_path: Path) -> None:
    with ScriptedServer([streams()]) as server:
        assert kind_of(model(server, tmp_path), lambda _: None) == "empty"


def test_a_stream_that_never_ends_is_given_up(tmp_path: Path) -> None:
    with ScriptedServer([streams(*["亲，您好，发票是有的哦，" * 500] * 30)]) as server:
        assert kind_of(model(server, tmp_path), lambda _: None) == "too_long"


def test_nothing_is_heard_after_the_time_is_up(tmp_path: Path) -> None:
    heard: list[str] = []
    slow = Answer(body=streams("亲", "您好").body, headers={"Content-Type": "text/event-stream"}, drip=0.01)
    with ScriptedServer([slow]) as server:
        assert kind_of(model(server, tmp_path, model_timeout=0.3), heard.append) == "timeout"
        before = len(heard)
        time.sleep(0.5)
    assert len(heard) == before


# a rest after failures


def test_an_endpoint_that_keeps_failing_is_left_alone(tmp_path: Path) -> None:
    with ScriptedServer([status(500)]) as server:
        client = model(server, tmp_path)
        kinds = [kind_of(client) for _ in range(7)]
    assert (kinds, len(server.requests)) == (["server"] * 5 + ["resting"] * 2, 5)


def test_a_wrong_key_closes_nothing_off(tmp_path: Path) -> None:
    with ScriptedServer([status(401)]) as server:
        client = model(server, tmp_path)
        assert {kind_of(client) for _ in range(7)} == {"key"}


def test_after_the_rest_one_may_try_and_success_closes_the_circuit() -> None:
    breaker = Breaker(failures=2, rest=0.05)
    breaker.failed()
    assert breaker.seconds_closed_off() == 0
    breaker.failed()
    assert breaker.seconds_closed_off() > 0
    time.sleep(0.06)
    assert breaker.seconds_closed_off() == 0
    assert breaker.seconds_closed_off() > 0, "one tries, the others wait"
    breaker.succeeded()
    assert breaker.seconds_closed_off() == 0


def test_a_success_in_between_starts_the_count_anew() -> None:
    breaker = Breaker(failures=2, rest=60)
    for _ in range(5):
        breaker.failed()
        breaker.succeeded()
    assert breaker.seconds_closed_off() == 0


# tokens, cost, budget


def test_a_draft_tells_its_cost_where_prices_are_set(tmp_path: Path) -> None:
    with ScriptedServer([says(REPLY)]) as server:
        priced = model(server, tmp_path, model_price_in=2.0, model_price_out=8.0).draft(PROMPT)
        assert priced.cost_yuan == pytest.approx((11 * 2 + 7 * 8) / 1e6)
        assert model(server, tmp_path).draft(PROMPT).cost_yuan is None


def test_the_day_is_written_down_failures_included(tmp_path: Path) -> None:
    with ScriptedServer([says(REPLY), cut_off(), says("")]) as server:
        client = model(server, tmp_path, model_price_in=1e6)
        client.draft(PROMPT)
        assert [kind_of(client), kind_of(client)] == ["connection", "empty"]
    assert Ledger(tmp_path).today() == Use(3, 2, 22, 14, 22.0)


@pytest.mark.parametrize("budget", [{"model_budget_tokens": 18}, {"model_budget_yuan": 11, "model_price_in": 1e6}])
def test_a_budget_that_is_used_up_stops_the_next_draft_in_any_process(tmp_path: Path, budget: dict[str, Any]) -> None:
    with ScriptedServer([says(REPLY)]) as server:
        model(server, tmp_path, **budget).draft(PROMPT)
        with pytest.raises(DraftError, match=next(iter(budget))) as raised:
            model(server, tmp_path, **budget).draft(PROMPT)
    assert (raised.value.kind, len(server.requests)) == ("budget", 1)


def test_a_budget_of_nothing_allows_nothing(tmp_path: Path) -> None:
    with ScriptedServer([says(REPLY)]) as server:
        assert kind_of(model(server, tmp_path, model_budget_yuan=0.0)) == "budget"


def test_a_ledger_that_cannot_be_written_stops_no_draft_without_a_budget(tmp_path: Path) -> None:
    (tmp_path / FILE).mkdir()
    with ScriptedServer([says(REPLY)]) as server:
        assert model(server, tmp_path).draft(PROMPT).text == REPLY
        assert kind_of(model(server, tmp_path, model_budget_tokens=1e6)) == "ledger"


def test_many_threads_lose_no_call(tmp_path: Path) -> None:
    def add() -> None:
        for _ in range(10):
            Ledger(tmp_path).add("openai:m", Use(1, 0, 2, 3, 0.5))

    threads = [threading.Thread(target=add) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Ledger(tmp_path).today() == Use(40, 0, 80, 120, 20.0)


def test_a_provider_whose_package_is_missing_is_told_by_name(tmp_path: Path) -> None:
    client = ChatModel.from_settings(Settings(data_dir=tmp_path, model="cohere:command"))
    with pytest.raises(DraftError, match="langchain-cohere"):
        client.draft(PROMPT)
