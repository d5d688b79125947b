"""`replyguide check`: the deterministic checker alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from replyguide.cli.batch import run_batch, text_of
from replyguide.cli.options import Batch, ContextFile, DataDir, Json, Pack, ProductFile, RulesOnly, ShopFile
from replyguide.cli.output import print_json
from replyguide.cli.screens import show_check
from replyguide.cli.session import Session, text_or_stdin
from replyguide.cli.why import show_explanation
from replyguide.context import Context
from replyguide.copilot import Copilot
from replyguide.errors import InputError
from replyguide.resources import shelf

if TYPE_CHECKING:
    from replyguide.checker.why.explanation import Explanation

_FIELDS = frozenset({"reply", "question", "context"})


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command("check", help="检查一条回复能不能发。退出码：0 可以发，1 不能发。")(check)


def check(
    reply: Annotated[str | None, typer.Argument(help="要检查的回复，- 从标准输入读。", show_default=False)] = None,
    question: Annotated[str | None, typer.Option("--question", "-q", help="买家的问题。", show_default=False)] = None,
    batch: Batch = None,
    context_file: ContextFile = None,
    shop: ShopFile = None,
    product: ProductFile = None,
    why: Annotated[bool, typer.Option("--why", help="说明理由：看到了什么、试过哪些放行理由、可以怎样回。")] = False,
    pack: Pack = None,
    rules_only: RulesOnly = False,
    as_json: Json = False,
    data_dir: DataDir = None,
) -> int:
    """Check one reply, or a batch of them."""
    session = Session(
        product=product, shop=shop, shop_pack=pack, second_layer=False if rules_only else None, data_dir=data_dir
    )
    copilot = session.copilot()
    if batch is not None:
        return run_batch(batch, _FIELDS, lambda request: _answer(session, copilot, request, why=why))
    context = _with_question(session.context(context_file), question)
    text = text_or_stdin(reply, "回复")
    explanation = copilot.explain(text, context) if why else None
    result = explanation.result if explanation is not None else copilot.check(text, context)
    if as_json:
        print_json({**result.as_json(), **_reasons(explanation)})
    elif explanation is not None:
        show_explanation(explanation, _statements(explanation))
    else:
        show_check(result)
    return 1 if result.verdict == "block" else 0


def _answer(session: Session, copilot: Copilot, request: Mapping[str, Any], *, why: bool) -> Mapping[str, Any]:
    question = request.get("question")
    if question is not None and not isinstance(question, str):
        raise InputError("字段 question 应是文字，请改正")
    context = _with_question(session.completed(request.get("context"), "context"), question)
    reply = text_of(request, "reply")
    if not why:
        return copilot.check(reply, context).as_json()
    explanation = copilot.explain(reply, context)
    return {**explanation.result.as_json(), **_reasons(explanation)}


def _reasons(explanation: Explanation | None) -> dict[str, Any]:
    return {} if explanation is None else {"explanation": explanation.as_json(_statements(explanation))}


def _statements(explanation: Explanation) -> Mapping[str, str]:
    from replyguide.corpus.statements import statements

    return statements(shelf("corpus"), explanation.fact_ids())


def _with_question(context: Context, question: str | None) -> Context:
    return context if question is None else context.model_copy(update={"question": question})
