"""`replyguide chat`: the copilot in a terminal, turn by turn."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Annotated

import typer

from replyguide.cli.chat_screen import ChatScreen
from replyguide.cli.lines import piped, prompted
from replyguide.cli.options import (
    ContextFile,
    DataDir,
    Embedder,
    Model,
    Offline,
    Pack,
    ProductFile,
    ShopFile,
    ShopId,
)
from replyguide.cli.output import complain
from replyguide.cli.progress import build_progress
from replyguide.cli.session import Session
from replyguide.errors import InputError, ReplyGuideError


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command("chat", help="在终端里逐条回答买家：贴上买家的话就给出回复，输入 /帮助 看命令。")(chat)


def chat(
    context_file: ContextFile = None,
    shop: ShopFile = None,
    product: ProductFile = None,
    pack: Pack = None,
    as_json: Annotated[bool, typer.Option("--json", help="每条建议输出一行 JSON。")] = False,
    offline: Offline = False,
    model: Model = None,
    shop_id: ShopId = None,
    embedder: Embedder = None,
    data_dir: DataDir = None,
) -> int:
    """Answer line after line until the input ends. Of lines that could not be used the status is 2 when piped."""
    from replyguide.chat import Conversation

    session = Session(
        product=product, shop=shop, shop_pack=pack, model=model, embedder=embedder, data_dir=data_dir, shop_id=shop_id
    )
    facts = session.context(context_file)
    is_interactive = sys.stdin.isatty() and sys.stdout.isatty()
    with build_progress() as progress:
        copilot = session.copilot(progress)
        screen = ChatScreen(Conversation(copilot, facts, offline=offline), as_json=as_json)
        if is_interactive:
            screen.welcome(session.settings.model if not offline else None)
            _ = copilot.index  # what the first question would wait for
        if is_interactive:
            _answered(screen, prompted(session.settings.data_dir), is_interactive=True)
            return 0
        return 2 if _answered(screen, piped(sys.stdin.buffer), is_interactive=False) else 0


def _answered(screen: ChatScreen, lines: Iterator[str | InputError], *, is_interactive: bool) -> int:
    """Answer each line; a bad one costs nothing but a word. Return how many there were."""
    failed = 0
    for line in lines:
        try:
            if isinstance(line, InputError):
                raise line
            is_last = screen.answer(line)
            sys.stdout.flush()  # whoever feeds a pipe waits for the answer before he writes the next line
            if is_last:
                break
        except ReplyGuideError as error:
            complain(str(error))
            failed += 1
        except KeyboardInterrupt:
            if not is_interactive:
                raise
            complain("已停下这一条；上面已经给出的话术仍可以用")
    return failed
