"""What is checked before a file is opened by a converter: its size, what it really is, how much it unpacks to."""

from __future__ import annotations

import io
import os
import stat
import zipfile
from pathlib import Path

from replyguide.errors import DocumentError

#: Largest file that is read, in bytes: a rule document of a shop is rarely a tenth of it.
LARGEST_FILE = 50 * 1024 * 1024
#: Largest sum of what a docx, pptx or xlsx unpacks to, in bytes.
LARGEST_UNPACKED = 300 * 1024 * 1024
#: Highest number of parts in one.
MOST_MEMBERS = 20_000

TEXT_SUFFIXES = frozenset({".txt", ".md", ".markdown", ".csv", ".tsv", ".html", ".htm"})
#: The part without which a zip file is no document of its suffix.
PACKAGES = {".docx": "word/", ".pptx": "ppt/", ".xlsx": "xl/"}
SUFFIXES = TEXT_SUFFIXES | PACKAGES.keys() | {".pdf"}
#: Formats that nobody should parse any more, and what to save them as.
OLD_FORMATS = {".doc": "docx", ".dot": "docx", ".wps": "docx", ".rtf": "docx", ".xls": "xlsx", ".et": "xlsx"} | {
    ".ppt": "pptx",
    ".pps": "pptx",
    ".dps": "pptx",
    ".xlsm": "xlsx",
    ".docm": "docx",
    ".pptm": "pptx",
}

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def unknown_suffix(suffix: str) -> str | None:
    """Return why a file with this suffix cannot be read, `None` if it can."""
    suffix = suffix.lower()
    if suffix in SUFFIXES:
        return None
    if suffix in OLD_FORMATS:
        return f"不支持 {suffix}，请另存为 {OLD_FORMATS[suffix]} 再试"
    known = "txt、md、html、docx、pptx、pdf、xlsx、csv"
    return f"不支持 {suffix} 这种文件，请另存为 {known} 之一" if suffix else f"文件没有扩展名，请改成 {known} 之一"


def content_of(path: Path, name: str) -> bytes:
    """Return the bytes of a regular file of a fair size; the size is looked at before anything is read."""
    try:
        with open(path, "rb", opener=_without_waiting) as file:  # Path.open takes no opener
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise DocumentError(f"{name}：不是普通文件，请换成文件再试")
            _check_size(status.st_size, name)
            content = file.read(LARGEST_FILE + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "路径不对"
        raise DocumentError(f"{name}：读不了这个文件（{reason}），请检查路径和权限") from None
    _check_size(len(content), name)
    return content


def _without_waiting(path: str, flags: int) -> int:
    """Open a named pipe at once, too: without a writer, it would wait for ever."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _check_size(size: int, name: str) -> None:
    if size > LARGEST_FILE:
        megabytes = LARGEST_FILE // 1024**2
        raise DocumentError(f"{name}：文件有 {size / 1024**2:.0f} MB，超过 {megabytes} MB，请拆成几个小文件")
    if size == 0:
        raise DocumentError(f"{name}：文件是空的，请检查后再试")


def check_package(content: bytes, suffix: str, name: str) -> None:
    """Refuse what is no docx, pptx or xlsx, or would unpack to too much."""
    if content.startswith(_OLE):
        wanted = suffix.removeprefix(".")
        raise DocumentError(f"{name}：文件加了密码，或者是旧格式改的名，请去掉密码并另存为 {wanted}")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            members = package.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, EOFError, NotImplementedError):
        raise DocumentError(f"{name}：文件已损坏，打不开，请用原来的软件重新保存一份") from None
    if len(members) > MOST_MEMBERS or sum(member.file_size for member in members) > LARGEST_UNPACKED:
        raise DocumentError(f"{name}：解压后太大，可能是压缩炸弹，请拆成小文件，或只留文字再保存")
    names = {member.filename for member in members}
    if "[Content_Types].xml" not in names or not any(member.startswith(PACKAGES[suffix]) for member in names):
        raise DocumentError(f"{name}：内容不是 {suffix.removeprefix('.')}，只是改了扩展名，请换成真正的文档")
    if any(member.flag_bits & 1 for member in members):
        raise DocumentError(f"{name}：文件加了密码，请去掉密码再试")


def check_pdf(content: bytes, name: str) -> None:
    """Refuse what does not begin as a pdf does."""
    if b"%PDF-" not in content[:1024]:
        raise DocumentError(f"{name}：内容不是 pdf，或已损坏，请重新导出一份")
