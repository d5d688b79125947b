"""The copilot as tools for AI agents, over the Model Context Protocol."""

from replyguide.mcp.server import mcp_server

__all__ = ["mcp_server"]
