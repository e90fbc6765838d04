"""Pages of a bank's answers on disk. The stored pages are the cursor: there is no other state to lose.

A page is `loans_<from>_<to>.json`: it was asked for with cursor `from` (`start` for none) and says to go on from `to`.
A bank that gives no further cursor with its last page leaves it open; such a page is `loans_<from>_open-<hash>.json`,
is asked for again the next time, and is stored again only if the bank has changed it.
"""

from __future__ import annotations

import hashlib
import os
from datetime import datetime
from pathlib import Path
from urllib.parse import quote, unquote

_START = "start"
_OPEN = "open-"


def stored_cursor(folder: Path) -> str | None:
    """The cursor to go on from: the end of the chain of closed pages; None to begin at the beginning."""
    following = {}
    for path in folder.glob("loans_*_*.json"):
        _, begins, ends = path.stem.split("_")
        if not ends.startswith(_OPEN):
            following[begins] = ends
    place, seen = _START, set()
    while place in following and place not in seen:
        seen.add(place)
        place = following[place]
    return None if place == _START else unquote(place)


def store_page(
    folder: Path, cursor: str | None, next_cursor: str | None, content: bytes, received_at: datetime | None
) -> Path | None:
    """Store the bytes of one page under its name at once or not at all; None where this very page is there already."""
    begins = _START if cursor is None else _escaped(cursor)
    ends = _OPEN + hashlib.sha256(content).hexdigest()[:12] if next_cursor is None else _escaped(next_cursor)
    path = folder / f"loans_{begins}_{ends}.json"
    if path.exists():
        return None
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f".{path.name}.{os.getpid()}"
    with draft.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    if received_at is not None:
        os.utime(draft, (received_at.timestamp(), received_at.timestamp()))
    draft.rename(path)
    return path


def _escaped(cursor: str) -> str:
    """A cursor as part of a file name; `_` parts the name, and a bank's cursor may be called `start`."""
    text = quote(cursor, safe="").replace("_", "%5F").replace(".", "%2E")
    if text == _START or text.startswith(_OPEN):
        return f"%{ord(text[0]):02X}{text[1:]}"
    return text
