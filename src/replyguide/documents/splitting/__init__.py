"""Splitting a cleaned document along what it is made of: articles, lists, tables, questions and answers."""

from replyguide.documents.splitting.pieces import split

__all__ = ["split"]
