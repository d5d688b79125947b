"""A progress bar on stderr while the index is built: shown only when there is something to wait for."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress as RichProgress
    from rich.progress import TaskID

    from replyguide.copilot import Progress


class _Bar:
    """Created by the first call, so that a run with nothing to build imports and prints nothing."""

    def __init__(self) -> None:
        self._bar: RichProgress | None = None
        self._task: TaskID | None = None

    def __call__(self, done: int, total: int) -> None:
        if not sys.stderr.isatty():
            if done >= total:
                print(f"replyguide: 正在建规则索引，已处理 {total} 段", file=sys.stderr)
            return
        if self._bar is None:
            from rich.console import Console
            from rich.progress import Progress as RichProgress

            self._bar = RichProgress(console=Console(stderr=True), transient=True)
            self._bar.start()
            self._task = self._bar.add_task("正在建规则索引", total=total)
        if self._task is not None:
            self._bar.update(self._task, completed=done, total=total)

    def close(self) -> None:
        if self._bar is not None:
            self._bar.stop()


@contextmanager
def build_progress() -> Iterator[Progress]:
    """Give a progress callback `(done, total)` that draws a bar, and take the bar away at the end."""
    bar = _Bar()
    try:
        yield bar
    finally:
        bar.close()
