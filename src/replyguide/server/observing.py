"""What the server tells of itself: one JSON object a line, without anything that people wrote, and metrics."""

from __future__ import annotations

import logging
import os
import sys
from typing import TYPE_CHECKING, Any

import structlog
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
    multiprocess,
)

from replyguide.server.request_id import request_id_of

if TYPE_CHECKING:
    from starlette.types import Scope

    from replyguide.access import Identity
    from replyguide.checker import CheckResult
    from replyguide.copilot import Suggestion

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_SHARED = "PROMETHEUS_MULTIPROC_DIR"


class Observer:
    """Counts and logs; threads may share it. Paths are told as their templates, texts never."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = self._counter("http_requests", "Requests answered", "method", "path", "status")
        self._seconds = Histogram(
            "replyguide_http_request_seconds",
            "Seconds to the end of an answer",
            ["path"],
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._suggestions = self._counter("suggestions", "Suggestions made", "status", "origin", "topic")
        self._checks = self._counter("checks", "Replies checked", "verdict")
        self._blocked = self._counter("drafts_blocked", "Drafts of a model that the checker held back", "rule")
        self._feedback = self._counter("feedback", "What became of suggestions", "action")
        self._unrecorded = self._counter("unrecorded", "Suggestions that the database could not keep")
        self._log = structlog.wrap_logger(
            structlog.PrintLogger(sys.stderr),
            processors=[
                structlog.processors.TimeStamper(fmt="iso", utc=True),
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )

    def answered(self, scope: Scope, status: int, seconds: float) -> None:
        """Tell of a request that was answered; status 499: the client went away first."""
        path = _template(scope)
        self._requests.labels(scope["method"], path, status).inc()
        self._seconds.labels(path).observe(seconds)
        identity: Identity | None = scope.get("replyguide.identity")
        self._log.msg(
            "request",
            request_id=request_id_of(scope),
            method=scope["method"],
            path=path,
            status=status,
            ms=round(seconds * 1000, 1),
            **({} if identity is None else {"shop": identity.shop_id, "key": identity.key_id}),
        )

    def suggested(self, suggestion: Suggestion) -> None:
        """Count a final suggestion and what was held back on the way."""
        topic = suggestion.topics[0] if suggestion.topics else "none"
        self._suggestions.labels(suggestion.status, suggestion.origin or "none", topic).inc()
        for attempt in suggestion.attempts:
            if attempt.origin == "model" and attempt.check.verdict == "block":
                self._blocked.labels(attempt.check.findings[0].rule).inc()

    def checked(self, result: CheckResult) -> None:
        """Count a check."""
        self._checks.labels(result.verdict).inc()

    def heard_back(self, action: str) -> None:
        """Count what became of a suggestion."""
        self._feedback.labels(action).inc()

    def not_recorded(self, error: Exception) -> None:
        """Tell that the database could not keep a suggestion."""
        self._unrecorded.inc()
        self._log.msg("unrecorded", error=type(error).__name__)

    def failed(self, scope: Scope, error: Exception) -> None:
        """Tell of an error that nobody expected: its kind and place, not its words."""
        trace = error.__traceback__
        while trace is not None and trace.tb_next is not None:
            trace = trace.tb_next
        place = "" if trace is None else f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}"
        self._log.msg("error", request_id=request_id_of(scope), error=type(error).__name__, place=place)

    def told(self, event: str, **facts: Any) -> None:
        """Tell of something else."""
        self._log.msg(event, **facts)

    def metrics(self) -> tuple[bytes, str]:
        """Return the metrics of all workers and their media type."""
        registry = self._registry
        if _SHARED in os.environ:
            registry = CollectorRegistry()
            multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        return generate_latest(registry), CONTENT_TYPE_LATEST

    def _counter(self, name: str, told: str, *labels: str) -> Counter:
        return Counter(f"replyguide_{name}", told, labels, registry=self._registry)


def quiet_libraries() -> None:
    """Keep other libraries' own lines out of the log: theirs may quote what was sent."""
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access", "httpx", "openai", "chromadb"):
        logging.getLogger(name).setLevel(logging.CRITICAL)


def _template(scope: Scope) -> str:
    """Return the route that was matched, so that ids make no metric of their own; `other` where there is none."""
    route = scope.get("route")
    return str(getattr(route, "path", "other"))
