"""What one run of the command line works with: settings, the context from files, the copilot."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from replyguide.context import Context, read_context
from replyguide.copilot import Copilot, Progress
from replyguide.errors import InputError
from replyguide.fact_files import facts_in, read_document
from replyguide.settings import Settings, read_settings


class Session:
    """Settings merged from options, environment and files; everything else is opened on demand."""

    def __init__(self, *, product: Path | None = None, **options: object) -> None:
        self.settings: Settings = read_settings(options)
        self._product = product

    def copilot(self, progress: Progress | None = None) -> Copilot:
        """Return a copilot over these settings; nothing heavy is loaded yet."""
        return Copilot(self.settings, progress=progress)

    def context(self, context_file: Path | None) -> Context:
        """Return the context of `--context`, with the files of `--shop` (or its setting) and `--product` under it."""
        data = read_document(context_file) if context_file is not None else {}
        return self.completed(data, str(context_file) if context_file is not None else "上下文")

    def completed(self, data: Any, where: str) -> Context:
        """Validate context data; facts that it leaves out come from the files of shop and product."""
        files: tuple[tuple[Literal["shop", "product"], Path | None], ...] = (
            ("shop", self.settings.shop),
            ("product", self._product),
        )
        for name, path in files:
            if path is not None and isinstance(data, Mapping):
                data = _with_facts(data, name, path)
        return read_context(data, where=where)


def _with_facts(data: Mapping[str, Any], name: Literal["shop", "product"], path: Path) -> Mapping[str, Any]:
    """Put the facts of a file under those that `data` has of the same `name`."""
    facts = facts_in(path, name)
    own = data.get(name)
    if own is not None and not isinstance(own, Mapping):
        return data
    return {**data, name: {**facts, **(own if own is not None else {})}}


def text_or_stdin(text: str | None, what: str) -> str:
    """Return the argument, or standard input where it is `-`; not UTF-8 is an `InputError`."""
    if text is None:
        raise InputError(f"缺少{what}：请写在命令后面，或用 - 从标准输入读，或用 --batch")
    if text != "-":
        return text
    try:
        return sys.stdin.buffer.read().decode("utf-8-sig").rstrip("\r\n")
    except UnicodeDecodeError as error:
        raise InputError(f"标准输入不是 UTF-8（第 {error.start + 1} 个字节），请转成 UTF-8 再试") from None
