"""What the model has taken today: calls, failures, tokens and cost, on disk, so that a budget holds over processes."""

from __future__ import annotations

import datetime
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from replyguide.settings import Settings

FILE = "usage.sqlite3"
_MILLION = 1_000_000  # tokens, which prices are told for
_WAIT = 5.0  # seconds for another process that is writing
_TABLE = """create table if not exists use (
    day text not null, model text not null, calls integer not null, failures integer not null,
    prompt_tokens integer not null, completion_tokens integer not null, cost_yuan real not null,
    primary key (day, model))"""
_ADD = """insert into use values (?, ?, 1, ?, ?, ?, ?) on conflict (day, model) do update set calls = calls + 1,
    failures = failures + excluded.failures, prompt_tokens = prompt_tokens + excluded.prompt_tokens,
    completion_tokens = completion_tokens + excluded.completion_tokens, cost_yuan = cost_yuan + excluded.cost_yuan"""


@dataclass(frozen=True, slots=True)
class Use:
    """What was taken: of one call, or of a day. Cost is in yuan, 0 where no prices are set."""

    calls: int = 0
    failures: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost_yuan: float = 0.0

    @property
    def tokens(self) -> int:
        """All tokens, those sent and those answered."""
        return self.prompt_tokens + self.completion_tokens


@dataclass(frozen=True, slots=True)
class Budget:
    """How much may be taken a day, `None` for as much as one likes."""

    yuan: float | None = None
    tokens: float | None = None

    @property
    def is_set(self) -> bool:
        """Tell whether there is any limit."""
        return self.yuan is not None or self.tokens is not None

    def spent(self, use: Use) -> str | None:
        """Return the name of the setting whose budget is used up, `None` if there is something left of each."""
        if self.yuan is not None and use.cost_yuan >= self.yuan:
            return "model_budget_yuan"
        return "model_budget_tokens" if self.tokens is not None and use.tokens >= self.tokens else None


class Ledger:
    """The use of every model by day, in a file that several processes may write.

    A day is one of this machine's calendar. Every method raises OSError where the file cannot be used.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE

    def add(self, model: str, use: Use) -> None:
        """Add a call to today's use of `model`."""
        with self._opened() as connection:
            values = (use.failures, use.prompt_tokens, use.completion_tokens, use.cost_yuan)
            connection.execute(_ADD, (_today(), model, *values))

    def today(self) -> Use:
        """Return what all models together have taken today."""
        with self._opened() as connection:
            row = connection.execute(
                "select sum(calls), sum(failures), sum(prompt_tokens), sum(completion_tokens), sum(cost_yuan)"
                " from use where day = ?",
                (_today(),),
            ).fetchone()
        return Use(*(0 if value is None else value for value in row))

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            # Immediate: who has to wait for another writer waits at the start, and is not refused in the middle.
            opened = sqlite3.connect(self._path, timeout=_WAIT, isolation_level="IMMEDIATE")
            with closing(opened) as connection, connection:
                connection.execute(_TABLE)
                yield connection
        except sqlite3.Error as error:
            raise OSError(f"{self._path}：{error}") from None


def budget_of(settings: Settings) -> Budget:
    """Return the budget that the settings name."""
    return Budget(settings.model_budget_yuan, settings.model_budget_tokens)


def cost_of(prompt_tokens: int, completion_tokens: int, settings: Settings) -> float | None:
    """Return the cost of a call in yuan, `None` where the settings name no price."""
    if settings.model_price_in is None and settings.model_price_out is None:
        return None
    prices = (settings.model_price_in, settings.model_price_out)
    per_million = (0.0 if price is None else price for price in prices)
    return (
        sum(tokens * price for tokens, price in zip((prompt_tokens, completion_tokens), per_million, strict=True)) / 1e6
    )


def _today() -> str:
    return datetime.date.today().isoformat()
