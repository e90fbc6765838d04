"""Find the files that were delivered and are not yet registered."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import psycopg

SHANGHAI = ZoneInfo("Asia/Shanghai")
REGISTRY_FILE = "organisations.csv"  # at the top of the inbox; no delivery
LEDGER_SUFFIXES = frozenset({".csv", ".xlsx", ".json"})
ARTICLE_SUFFIXES = frozenset({".html", ".htm", ".txt"})
_NOT_DELIVERIES = ("~$", ".", "_")  # lock files of Excel, hidden files, our own folders


@dataclass(frozen=True)
class ReceivedFile:
    """One delivered file. `uri` is its path inside the inbox with / between parts; `received_at` its modification time."""

    path: Path
    uri: str
    size_bytes: int
    received_at: datetime

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
    without deliveries reads no file. Links are not followed.
    """
    found = [file for file in _walk(inbox, suffixes) if file.uri != REGISTRY_FILE]
    if connection is not None:
        known = _registered(connection)
        found = [file for file in found if (file.uri, file.size_bytes, file.received_at) not in known]
    return sorted(found, key=lambda file: (file.received_at, file.uri))


def _walk(inbox: Path, suffixes: frozenset[str]) -> Iterator[ReceivedFile]:
    folders = [inbox]
    while folders:
        with os.scandir(folders.pop()) as entries:
            for entry in entries:
                if entry.name.startswith(_NOT_DELIVERIES) or entry.is_symlink():
                    continue
                if entry.is_dir():
                    folders.append(Path(entry.path))
                elif Path(entry.name).suffix.lower() in suffixes:
                    status = entry.stat()
                    # Whole microseconds, as PostgreSQL keeps them.
                    received = datetime.fromtimestamp(status.st_mtime_ns // 1000 / 1e6, SHANGHAI)
                    path = Path(entry.path)
                    yield ReceivedFile(path, path.relative_to(inbox).as_posix(), status.st_size, received)


def _registered(connection: psycopg.Connection) -> set[tuple[str, int, datetime]]:
    return set(connection.execute("select source_uri, size_bytes, received_at from ops.submission").fetchall())
