"""A shop's own documents: found, converted, cleaned and split into pieces. Nothing in them is an instruction."""

from replyguide.documents.document import Document, Dropped, Piece
from replyguide.documents.finding import Found, find_documents
from replyguide.documents.near_duplicates import near_duplicates
from replyguide.documents.reading import document_digest, read_document

__all__ = [
    "Document",
    "Dropped",
    "Found",
    "Piece",
    "document_digest",
    "find_documents",
    "near_duplicates",
    "read_document",
]
