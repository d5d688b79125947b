"""The official client of the Model Context Protocol, connected to a real process.

with connected(data_dir, "--offline") as agent:
    answer = agent.is_told("suggest", question="有发票吗")
"""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from anyio.from_thread import BlockingPortal, start_blocking_portal
from mcp import StdioServerParameters
from mcp.client.client import Client
from mcp.client.stdio import stdio_client

import replyguide

SCRIPTED = ("--model", "openai:scripted")
# The package as it stands here, also where PYTHONPATH was given relative to another folder.
HERE = {"PYTHONPATH": str(Path(replyguide.__file__).parents[1])}


def command(data_dir: Path, *options: str) -> list[str]:
    return [sys.executable, "-m", "replyguide", "mcp", "--data-dir", str(data_dir), *options]


class Agent:
    """The official client, connected to a server of its own."""

    def __init__(self, client: Client, portal: BlockingPortal) -> None:
        self.client = client
        self._portal = portal

    def uses(self, use: Callable[[Client], Awaitable[Any]]) -> Any:
        return self._portal.call(use, self.client)

    def calls(self, tool: str, **arguments: Any) -> Any:
        return self._portal.call(partial(self.client.call_tool, tool, arguments))

    def is_told(self, tool: str, **arguments: Any) -> Any:
        """Return the structured answer of a call that went well."""
        result = self.calls(tool, **arguments)
        assert not result.is_error, result.content
        return result.structured_content

    def is_refused(self, tool: str, **arguments: Any) -> str:
        """Return the one line of a call that went wrong."""
        result = self.calls(tool, **arguments)
        assert (result.is_error, len(result.content), result.structured_content) == (True, 1, None)
        line: str = result.content[0].text
        assert len(line.splitlines()) == 1
        return line


@contextmanager
def connected(data_dir: Path, *options: str, surroundings: Mapping[str, str] | None = None) -> Iterator[Agent]:
    program, *arguments = command(data_dir, *options)
    # The client passes on nothing else but the path and the home folder.
    environment = {**HERE, **(surroundings if surroundings is not None else {})}
    parameters = StdioServerParameters(command=program, args=arguments, env=environment, cwd=data_dir)
    with (
        start_blocking_portal() as portal,
        portal.wrap_async_context_manager(Client(stdio_client(parameters))) as client,
    ):
        yield Agent(client, portal)
