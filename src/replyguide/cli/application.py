"""The typer application and the one place where an exception becomes a line on stderr and an exit status."""

from __future__ import annotations

import os
import sys
import traceback
from typing import Annotated

import typer
from typer.main import get_command

from replyguide.cli import (
    chat,
    check,
    doctor,
    evaluate,
    feedback,
    index,
    ingest,
    keys,
    mcp,
    rules,
    search,
    serve,
    suggest,
)
from replyguide.cli.output import complain, prepare_streams
from replyguide.cli.usage import usage_problem
from replyguide.errors import ReplyGuideError

app = typer.Typer(
    name="replyguide",
    help="客服回复副驾驶：查平台规则、起草回复、逐条检查，合规了才给您发。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for module in (suggest, check, search, ingest, evaluate, serve, chat, mcp, doctor):
    module.register(app)
app.add_typer(index.app, name="index")
app.add_typer(rules.app, name="rules")
app.add_typer(keys.app, name="keys")
app.add_typer(feedback.app, name="feedback")

# typer carries its own copy of click; its usage errors share this base.
_UsageError = typer.BadParameter.__mro__[1]


def _show_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        print(f"replyguide {version('replyguide')}")
        raise typer.Exit


@app.callback()
def _replyguide(
    version: Annotated[
        bool, typer.Option("--version", help="显示版本号。", callback=_show_version, is_eager=True)
    ] = False,
) -> None:
    """客服回复副驾驶：查平台规则、起草回复、逐条检查，合规了才给您发。"""


def run(arguments: list[str]) -> int:
    """Run the application; errors become one line, with the traceback only under `--debug`."""
    prepare_streams()
    debug = "--debug" in arguments
    try:
        status = get_command(app).main(
            [argument for argument in arguments if argument != "--debug"], prog_name="replyguide", standalone_mode=False
        )
        sys.stdout.flush()  # here, so that a reader who went away is met by the handlers below
    except Exception as error:
        if debug:
            traceback.print_exc()
        return _status_of(error)
    except SystemExit:
        return _reader_gone()  # click ends the process with status 1 when it meets a broken pipe
    except KeyboardInterrupt:
        complain("已中断")
        return 130
    return status if isinstance(status, int) else 0


def _status_of(error: Exception) -> int:
    if isinstance(error, typer.Exit):
        return int(error.exit_code)
    if isinstance(error, ReplyGuideError):
        complain(str(error))
        return error.exit_status
    if isinstance(error, _UsageError):
        complain(f"命令用法不对：{usage_problem(error)}（运行 replyguide --help 看用法）")
        return 2
    if isinstance(error, typer.Abort):
        complain("已中断")
        return 130
    if isinstance(error, BrokenPipeError):
        return _reader_gone()
    if isinstance(error, OSError):
        place = f"（{error.filename}）" if error.filename else ""
        complain(f"读写失败：{error.strerror or error}{place}，请检查磁盘空间和权限")
        return 3
    complain(f"程序内部错误（{type(error).__name__}）：请加 --debug 再运行一次，并把输出发给维护者")
    return 3


def _reader_gone() -> int:
    """Whoever read stdout went away: nothing is left to say, and Python must not try to flush at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0
