"""The tree of errors that ReplyGuide raises on purpose.

Every message is one line for a person: what is wrong, where, and what to do. The faces (command line, HTTP) turn an
error into its exit status or problem document; nothing else is allowed to reach a user.
"""

from __future__ import annotations


class ReplyGuideError(Exception):
    """Base of all errors raised on purpose; `exit_status` follows the contract of the command line."""

    exit_status = 3


class UsageError(ReplyGuideError):
    """The command was called in a way that cannot work."""

    exit_status = 2


class InputError(ReplyGuideError):
    """Something that came in (question, context, batch line, file) cannot be used."""

    exit_status = 2


class SettingsError(InputError):
    """A setting is unknown or has an impossible value."""


class CorpusError(InputError):
    """A rule document breaks the corpus format."""


class DocumentError(InputError):
    """A shop's own document cannot be used."""


class PackError(InputError):
    """A rule pack cannot be loaded, or one of its examples fails: nothing can be checked with it."""


class PromptError(InputError):
    """A prompt file is missing or names a variable that nobody fills."""


class CaseError(InputError):
    """An eval case or a thresholds file cannot be read."""


class OutsideError(ReplyGuideError):
    """Something outside ReplyGuide failed: model, index, disk, network."""


class ModelError(OutsideError):
    """The model gave no usable draft."""


class EmbedderError(OutsideError):
    """The embedding model cannot be loaded or does not answer."""


class IndexUnavailable(OutsideError):
    """The index cannot be read or written; an index that exists is left as it is."""


class EmbedderMismatch(IndexUnavailable):
    """The index was built by another embedder than the one configured."""


class DatabaseUnavailable(OutsideError):
    """The audit database cannot be reached, read or written; nothing of the change was kept."""


class ServerError(OutsideError):
    """The server cannot be started."""
