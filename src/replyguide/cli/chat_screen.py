"""What the chat shows, and what its commands do."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from replyguide.chat import COMMANDS, Command, Conversation, message, read_command
from replyguide.chat.clipboard import copy
from replyguide.checker import CheckResult
from replyguide.checker.why.fact_words import name_of_fact, value_in_words
from replyguide.cli.output import complain, print_json, say
from replyguide.cli.screens import show_check, show_suggestion
from replyguide.cli.suggest import tone_named
from replyguide.context import FACT_PATHS
from replyguide.copilot import Suggestion
from replyguide.errors import InputError, OutsideError
from replyguide.fact_files import read_document
from replyguide.resources import shelf

_SPEAKERS = {"buyer": "买家", "agent": "客服"}


class ChatScreen:
    """Shows a conversation on stdout; with `as_json` one suggestion a line and nothing else."""

    def __init__(self, conversation: Conversation, *, as_json: bool) -> None:
        self._conversation = conversation
        self._as_json = as_json

    def welcome(self, model: str | None) -> None:
        """Say what to do."""
        writes = f"模型 {model} 起草，话术先给出" if model is not None else "没有配置模型，用合规话术回答"
        say(f"贴上买家的话，回车。/复制 或 F2 复制回复，Ctrl+C 停下这一条，/帮助 看全部命令，Ctrl+D 退出。{writes}。")

    def answer(self, line: str) -> bool:
        """Answer a line; tell whether it ends the chat. What cannot be used is an `InputError`."""
        command = read_command(line)
        if command is None:
            self._show(self._conversation.ask(message(line)))
            return False
        return command.name == "quit" or self._do(command)

    def _do(self, command: Command) -> bool:
        conversation, rest = self._conversation, command.rest
        match command.name:
            case "copy":
                self._copy()
            case "sent":
                self._judged(conversation.sent(rest or None))
            case "check":
                self._judged(conversation.check(rest))
            case "again":
                self._show(conversation.again())
            case "tone":
                self._show(conversation.again(tone=tone_named(rest)))
            case "rules":
                self._rules()
            case "why":
                self._why(rest or None)
            case "context":
                self._facts()
            case "set":
                path, *value = rest.split(maxsplit=1)
                conversation.put(path, value[0] if value else "")
                self._facts()
            case "unset":
                conversation.clear(rest)
                self._facts()
            case "agent":
                self._show(conversation.ask_internally(rest))
            case "load":
                conversation.load(read_document(Path(rest).expanduser()), rest)
                self._facts()
            case "save":
                self._tell(_saved(Path(rest).expanduser(), conversation))
            case "history":
                self._history()
            case "new":
                conversation.begin_anew()
                self._tell("已换一位买家，店铺的情况还在")
            case "help":
                for line in _help():
                    self._tell(line)
        return False

    def _show(self, coming: Iterator[Suggestion]) -> None:
        for suggestion in coming:
            if self._as_json:
                print_json(suggestion.as_json(), indent=None)
            elif suggestion.is_final:
                show_suggestion(suggestion)
            elif suggestion.reply is not None:
                say(suggestion.reply)
                say("↑ 话术，现在就可以发；模型正在起草……")
                say()

    def _judged(self, result: CheckResult) -> None:
        if self._as_json:
            print_json(result.as_json(), indent=None)
        else:
            show_check(result)

    def _tell(self, line: str) -> None:
        """Show a line that is no result: with `as_json` it does not belong among them."""
        if self._as_json:
            complain(line)
        else:
            say(line)

    def _copy(self) -> None:
        reply = self._conversation.reply()
        if not copy(reply, sys.stdout):
            raise OutsideError("复制不了：这里没有终端，也没有剪贴板程序，请手动选中回复")
        complain(f"已复制：{self._conversation.copied()}")

    def _rules(self) -> None:
        last = self._conversation.last
        if last is None or not last.rules:
            raise InputError("还没有依据的规则，请先贴上买家的消息")
        for hit in last.rules:
            page = f" 第 {hit.page} 页" if hit.page is not None else ""
            self._tell(f"{hit.rank}. {hit.title}（{hit.topic} · {hit.id} · 来源 {hit.source}{page}）")
            if hit.against is not None:
                self._tell(f"   反面例子，不能这样说：{hit.against}")
            for line in filter(None, map(str.strip, hit.text.splitlines())):
                self._tell(f"   {line}")

    def _why(self, reply: str | None) -> None:
        from replyguide.cli.why import show_explanation
        from replyguide.corpus.statements import statements

        explanation = self._conversation.explain(reply)
        facts = statements(shelf("corpus"), explanation.fact_ids())
        if self._as_json:
            print_json({**explanation.result.as_json(), "explanation": explanation.as_json(facts)}, indent=None)
        else:
            show_explanation(explanation, facts)

    def _facts(self) -> None:
        known = [(path, self._conversation.facts.get(path)) for path in sorted(FACT_PATHS - {"asker"})]
        told = [
            f"{name_of_fact(path)}：{value_in_words(value)}（{path}）" for path, value in known if value is not None
        ]
        if self._conversation.facts.asker == "agent":
            told.append("提问的人：客服同事，回复只给内部看（asker）；用 /清 asker 改回买家")
        for line in told or ["什么都还不知道；例如 /设 shop.free_shipping mainland"]:
            self._tell(line)

    def _history(self) -> None:
        for turn in self._conversation.as_json()["history"]:
            self._tell(f"{_SPEAKERS[turn['role']]}：{turn['text']}")


def _saved(path: Path, conversation: Conversation) -> str:
    try:
        path.write_text(json.dumps(conversation.as_json(), ensure_ascii=False, indent=2) + "\n", "utf-8")
    except OSError as error:
        raise OutsideError(f"{path}：写不了（{error.strerror}），请换一个地方") from None
    return f"已存到 {path}"


def _help() -> Iterator[str]:
    for name, (chinese, takes, does) in COMMANDS.items():
        yield f"/{' '.join(filter(None, (chinese, takes)))}（/{name}）：{does}"
