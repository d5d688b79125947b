"""`replyguide suggest`: the reply an agent may send, its rules and its verdict."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from replyguide.cli.batch import run_batch, text_of
from replyguide.cli.options import (
    Batch,
    ContextFile,
    DataDir,
    Embedder,
    Json,
    Model,
    Offline,
    Pack,
    ProductFile,
    ShopFile,
    ShopId,
)
from replyguide.cli.output import complain, print_json
from replyguide.cli.progress import build_progress
from replyguide.cli.screens import show_suggestion
from replyguide.cli.session import Session, text_or_stdin
from replyguide.errors import UsageError

if TYPE_CHECKING:
    from replyguide.drafting.tone import Tone

_FIELDS = frozenset({"question", "context"})


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command("suggest", help="回答买家的问题：给出合规的回复、依据的规则和检查结果。")(suggest)


def suggest(
    question: Annotated[str | None, typer.Argument(help="买家的问题，- 从标准输入读。", show_default=False)] = None,
    batch: Batch = None,
    context_file: ContextFile = None,
    shop: ShopFile = None,
    product: ProductFile = None,
    pack: Pack = None,
    tone: Annotated[
        str | None,
        typer.Option("--tone", help="让模型把话术换一种语气：warm、brief、formal、soothing。", show_default=False),
    ] = None,
    again: Annotated[int, typer.Option("--again", min=0, help="第几次要另一种说法。")] = 0,
    as_json: Json = False,
    offline: Offline = False,
    model: Model = None,
    shop_id: ShopId = None,
    embedder: Embedder = None,
    data_dir: DataDir = None,
) -> int:
    """Suggest a reply to one question, or to a batch of them."""
    chosen = tone_named(tone)
    session = Session(
        product=product,
        shop=shop,
        shop_pack=pack,
        model=model,
        embedder=embedder,
        data_dir=data_dir,
        shop_id=shop_id,
    )
    with build_progress() as progress:
        copilot = session.copilot(progress)
        if batch is not None:

            def answer(request: Mapping[str, Any]) -> Mapping[str, Any]:
                context = session.completed(request.get("context"), "context")
                question = text_of(request, "question")
                return copilot.suggest(question, context, offline=offline, tone=chosen, again=again).as_json()

            return run_batch(batch, _FIELDS, answer)
        context = session.context(context_file)
        said = text_or_stdin(question, "问题")
        coming = copilot.suggestions(said, context, offline=offline, tone=chosen, again=again)
        suggestion = next(coming)
        if not suggestion.is_final:
            if suggestion.reply is not None and sys.stderr.isatty():
                complain(f"可以先用的话术（模型正在起草）：{suggestion.reply}")
            suggestion = next(coming)
    if as_json:
        print_json(suggestion.as_json())
    else:
        show_suggestion(suggestion)
    return 0 if suggestion.status == "ready" or not suggestion.attempts else 1


def tone_named(said: str | None) -> Tone | None:
    """Return the tone of that name; one that nobody knows is a `UsageError`."""
    from replyguide.drafting.tone import TONES

    if said is None:
        return None
    for tone in TONES:
        if said == tone:
            return tone
    raise UsageError(f"没有 {said} 这种语气，可用的有 {'、'.join(TONES)}")
