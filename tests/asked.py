"""Asks a copilot whose model follows a script: the real client over a real wire."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from scripted_server import Answer, Request, ScriptedServer

from replyguide import Context, Copilot, Settings, Suggestion

QUESTION = "有发票吗"
GOOD = "亲，您好，发票有的哦，按实付金额给您开，感谢您的支持！"
KEY = "sk-secret-0123456789"


def settings(data_dir: Path, url: str | None, *, timeout: float = 10.0, retries: int = 0) -> Settings:
    return Settings(
        data_dir=data_dir,
        model=None if url is None else "openai:scripted",
        openai_api_key=KEY,
        openai_base_url=url,
        model_timeout=timeout,
        model_retries=retries,
    )


def verdicts(suggestion: Suggestion) -> list[tuple[str, str]]:
    """Return where each attempt came from and what the checker said of it."""
    return [(attempt.origin, attempt.check.verdict) for attempt in suggestion.attempts]


class Asked:
    """One question to a copilot whose model follows a script: what came out, and what the model was sent."""

    def __init__(
        self,
        data_dir: Path,
        script: Sequence[Answer],
        question: str = QUESTION,
        context: Context | None = None,
        *,
        offline: bool = False,
        timeout: float = 10.0,
        retries: int = 0,
    ) -> None:
        with ScriptedServer(script) as server:
            self.copilot = Copilot(settings(data_dir, server.url, timeout=timeout, retries=retries))
            self.suggestion = self.copilot.suggest(question, context, offline=offline)
            self.requests: list[Request] = server.requests

    @property
    def errors(self) -> list[str | None]:
        return [attempt.error for attempt in self.suggestion.attempts]
