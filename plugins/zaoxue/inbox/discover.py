"""Find the files that were delivered and are not yet registered."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import psycopg

SHANGHAI = ZoneInfo("Asia/Shanghai")
REGISTRY_FILE = "organisations.csv"  # at the top of the inbox; no delivery
NAMES_FILE = "organisation_names.csv"
NEWS_FOLDER = "news"
# What clerks send in the place of a table: found too, so that they are told, and not left waiting.
_MISTAKEN_SUFFIXES = frozenset(
    {".pdf", ".doc", ".docx", ".wps", ".zip", ".rar", ".7z", ".ods", ".xlsb", ".xlsm", ".ett"}
)
_TABLE_SUFFIXES = frozenset({".csv", ".tsv", ".xlsx", ".xls", ".et", ".json"})
LEDGER_SUFFIXES = _TABLE_SUFFIXES | _MISTAKEN_SUFFIXES
ARTICLE_SUFFIXES = frozenset({".html", ".htm", ".txt"})
_NOT_DELIVERIES = ("~$", ".", "_")  # lock files of Excel, hidden files, our own folders
# Control characters break logs, marks of direction make a name read as another one.
_TRICKS = re.compile("[\x00-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069]|\\.\\.[\\\\/]|^\\.\\.$")
_MAX_DEPTH = 12


@dataclass(frozen=True)
class ReceivedFile:
    """One delivered file. `uri` is its path inside the inbox with / between parts; `received_at` its modification time.

    `problem`: why it is not even opened (zh, en): a link, no plain file, a name that deceives. None for all others.
    """

    path: Path
    uri: str
    size_bytes: int
    received_at: datetime
    problem: tuple[str, str] | None = None

    @property
    def folders(self) -> tuple[str, ...]:
        """Names of the folders it lies in, outermost first."""
        return tuple(self.uri.split("/")[:-1])

    @property
    def name(self) -> str:
        """Its file name."""
        return self.uri.rsplit("/", 1)[-1]


def discover(inbox: Path, suffixes: frozenset[str], connection: psycopg.Connection | None = None) -> list[ReceivedFile]:
    """Files of these kinds in the inbox, oldest delivery first; with a connection, only those not yet registered.

    A file counts as registered while its path, size and modification time are those of a submission, so a night
    without deliveries reads no file. Links are not followed: among ledgers they are listed with their problem.
    """
    found = [file for file in _walk(inbox, suffixes) if file.uri not in (REGISTRY_FILE, NAMES_FILE)]
    if connection is not None:
        known = _registered(connection)
        found = [file for file in found if (file.uri, file.size_bytes, file.received_at) not in known]
    return sorted(found, key=lambda file: (file.received_at, file.uri))


def _walk(inbox: Path, suffixes: frozenset[str]) -> Iterator[ReceivedFile]:
    ledgers = not suffixes & ARTICLE_SUFFIXES
    folders = [(inbox, 0)]
    while folders:
        folder, depth = folders.pop()
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.name.startswith(_NOT_DELIVERIES):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    if depth < _MAX_DEPTH and not (ledgers and depth == 0 and entry.name == NEWS_FOLDER):
                        folders.append((Path(entry.path), depth + 1))
                    continue
                suffix = os.path.splitext(entry.name)[1].lower()
                is_link = entry.is_symlink()
                if suffix in suffixes or (ledgers and is_link and not suffix):
                    file = _received(inbox, entry)
                    if file.problem is None or ledgers:
                        yield file


def _received(inbox: Path, entry: os.DirEntry[str]) -> ReceivedFile:
    status = entry.stat(follow_symlinks=False)
    # Whole microseconds, as PostgreSQL keeps them.
    received = datetime.fromtimestamp(status.st_mtime_ns // 1000 / 1e6, SHANGHAI)
    path = Path(entry.path)
    name = _readable(path.relative_to(inbox).as_posix())
    problem = None
    if stat.S_ISLNK(status.st_mode):
        problem = (
            "这是链接（快捷方式），不予跟随，请直接放入文件本身",
            "This is a link and is not followed; put the file itself there",
        )
    elif not stat.S_ISREG(status.st_mode):
        problem = ("不是普通文件，不予读取", "Not a plain file; it is not read")
    elif _TRICKS.search(name):
        problem = (
            "文件名或文件夹名含有控制字符、反向显示字符或路径符号，请改名后再报送",
            "The name of the file or a folder holds control characters, marks of direction or path signs; rename it and resend",
        )
    return ReceivedFile(path, _TRICKS.sub(_escaped, name), status.st_size, received, problem)


def _readable(name: str) -> str:
    """The name as text: systems in China also write names in GB18030, which are no UTF-8."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return os.fsencode(name).decode("gb18030", "backslashreplace")
    return name


def _escaped(trick: re.Match[str]) -> str:
    return "".join(f"\\u{ord(character):04x}" for character in trick[0])


def _registered(connection: psycopg.Connection) -> set[tuple[str, int, datetime]]:
    return set(connection.execute("select source_uri, size_bytes, received_at from ops.submission").fetchall())
