"""The copilot as tools and resources for AI agents, over the Model Context Protocol.

The low-level server of the official SDK is used: its ready-made one tells bad input in several English lines.
"""

from replyguide.mcp.server import mcp_server, serve
from replyguide.mcp.tools import Tools

__all__ = ["Tools", "mcp_server", "serve"]
