"""`replyguide search`: the rules that a question pulls."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from replyguide.cli.batch import run_batch, text_of
from replyguide.cli.options import Batch, ContextFile, DataDir, Embedder, Json, ShopId
from replyguide.cli.output import print_json, say
from replyguide.cli.progress import build_progress
from replyguide.cli.session import Session, text_or_stdin

if TYPE_CHECKING:
    from replyguide.index import Hit

_FIELDS = frozenset({"question", "context"})


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command("search", help="查一个问题触及哪些规则。")(search)


def search(
    question: Annotated[str | None, typer.Argument(help="买家的问题，- 从标准输入读。", show_default=False)] = None,
    count: Annotated[int, typer.Option("-k", help="最多几条。", min=1, max=50)] = 5,
    batch: Batch = None,
    context_file: ContextFile = None,
    as_json: Json = False,
    shop_id: ShopId = None,
    embedder: Embedder = None,
    data_dir: DataDir = None,
) -> int:
    """Search the rule index for one question, or for a batch of them."""
    session = Session(embedder=embedder, data_dir=data_dir, shop_id=shop_id)
    with build_progress() as progress:
        copilot = session.copilot(progress)
        if batch is not None:

            def answer(request: Mapping[str, Any]) -> Mapping[str, Any]:
                context = session.completed(request.get("context"), "context")
                found = copilot.search(text_of(request, "question"), count, context)
                return {"hits": [hit.as_json() for hit in found.hits]}

            return run_batch(batch, _FIELDS, answer)
        context = session.context(context_file)
        found = copilot.search(text_or_stdin(question, "问题"), count, context)
    if as_json:
        print_json({"hits": [hit.as_json() for hit in found.hits]})
        return 0
    if not found.hits:
        say("没有找到相关规则。")
    for hit in found.hits:
        _show(hit)
    return 0


def _show(hit: Hit) -> None:
    """Print a hit; of a shop's own document also what it says, since it has no page to look up."""
    page = f" 第 {hit.page} 页" if hit.page is not None else ""
    say(f"{hit.rank}. {hit.title}（{hit.topic} · {hit.id} · 来源 {hit.source}{page} · {hit.score:.2f}）")
    if hit.against is not None:
        say(f"   反面例子，不能这样说：{hit.against}")
    if hit.superseded_by is not None:
        say(f"   已由 {hit.superseded_by} 取代")
    if hit.kind != "rule":
        say(f"   {' '.join(hit.text.split())}")
    if hit.disagreement:
        said = "；".join(f"{figure.figure}（{figure.source}）" for figure in hit.disagreement)
        say(f"   数字不一致，从严的在前：{said}")
