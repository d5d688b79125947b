"""A conversation with the copilot, turn by turn: what a terminal shows is decided here, how it looks is not."""

from replyguide.chat.commands import COMMANDS, Command, message, read_command
from replyguide.chat.conversation import Conversation

__all__ = ["COMMANDS", "Command", "Conversation", "message", "read_command"]
