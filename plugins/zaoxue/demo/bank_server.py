"""A small bank: serves its book of loans page by page, as a process of its own.

    python -m zaoxue.demo.bank_server --data bank/loans.json --port 0 --ready-file PATH

The token is read from ZAOXUE_BANK_API_TOKEN. The address is written to the ready file once the port is open.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import secrets
import socket
import sys
import threading
from pathlib import Path
from typing import Annotated, Any

import uvicorn
from fastapi import FastAPI, Header, HTTPException, Query

from zaoxue.demo.bank_process import TOKEN_VARIABLE

PAGE_LIMIT = 200


def create_app(data: Path, token: str, flaky: int = 0) -> FastAPI:
    """The bank's FastAPI application; the book is read again whenever its file has changed."""
    app = FastAPI(title="Demo bank", docs_url=None, redoc_url=None, openapi_url=None)
    calls = itertools.count(1)
    book = _Book(data)

    @app.get("/loans")
    def loans(
        cursor: Annotated[str, Query()] = "",
        limit: Annotated[int, Query(ge=1, le=1000)] = PAGE_LIMIT,
        authorization: Annotated[str, Header()] = "",
    ) -> dict[str, Any]:
        if flaky and next(calls) % flaky == 0:
            raise HTTPException(503, "try again")
        if not secrets.compare_digest(authorization.encode(), f"Bearer {token}".encode()):
            raise HTTPException(401, "a bearer token is needed", headers={"WWW-Authenticate": "Bearer"})
        if cursor and not (cursor.isascii() and cursor.isdigit()):
            raise HTTPException(400, "unknown cursor")
        first = int(cursor or 0)
        items = book.items()[first : first + limit]
        # A cursor follows every page that holds something, the last one too: new loans come after it.
        return {"items": items, "next_cursor": str(first + len(items)) if items else None}

    return app


def main() -> None:
    """Serve until told to stop."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--ready-file", type=Path)
    parser.add_argument("--flaky", type=int, default=0, metavar="N", help="answer 503 to every Nth call")
    parser.add_argument("--until-stdin-ends", action="store_true", help="stop when standard input is closed")
    arguments = parser.parse_args()
    token = os.environ.get(TOKEN_VARIABLE)
    if not token:
        parser.error(f"set {TOKEN_VARIABLE}")
    if not arguments.data.is_file():
        parser.error(f"no such file: {arguments.data}")
    if arguments.until_stdin_ends:
        threading.Thread(target=_stop_with_stdin, daemon=True).start()
    listener = socket.create_server(("127.0.0.1", arguments.port))
    if arguments.ready_file:
        draft = arguments.ready_file.with_suffix(".draft")
        draft.write_text(f"http://127.0.0.1:{listener.getsockname()[1]}")
        draft.rename(arguments.ready_file)
    app = create_app(arguments.data, str(token), arguments.flaky)
    uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False)).run(sockets=[listener])


def _stop_with_stdin() -> None:
    """End this process once the one that started it is gone, however it went."""
    sys.stdin.buffer.read()
    os._exit(0)


class _Book:
    """The items of the data file, in the order in which they were entered."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._read_at = -1
        self._items: list[dict[str, Any]] = []

    def items(self) -> list[dict[str, Any]]:
        changed = self._path.stat().st_mtime_ns
        if changed != self._read_at:
            self._items = json.loads(self._path.read_text())["items"]
            self._read_at = changed
        return self._items


if __name__ == "__main__":
    main()
