"""Put receipts where their senders fetch them: `receipts/` under Zaoxue's home, laid out as the inbox is."""

from __future__ import annotations

import os
import time
from pathlib import Path, PurePosixPath

import psycopg

from zaoxue.contracts import load_contracts
from zaoxue.inbox import archived_path
from zaoxue.outcomes import write_outcome
from zaoxue.receipts.facts import FileFacts, pending
from zaoxue.receipts.mirror import mirrored_workbook
from zaoxue.receipts.ooxml import UnusualWorkbookError
from zaoxue.receipts.wording import text
from zaoxue.receipts.workbook import marked_workbook
from zaoxue.settings import Settings
from zaoxue.warehouse.database import connect
from zaoxue.workbooks import UnreadableFileError, open_grids
from zaoxue.workbooks.own_sheets import is_own_sheet

_NO_SENDER = (".json", ".html", ".htm", ".txt")  # pages of an interface, articles: nobody waits for an answer
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"  # for the Notepad of old Windows
_LONGEST_NAME = 200  # bytes; file systems take 255


def receipts_folder(settings: Settings) -> Path:
    """Where receipts lie; what senders may read of it is the folder of their own."""
    return settings.home / "receipts"


def make_receipts(settings: Settings, run_id: str, uris: list[str] | None = None) -> int:
    """Write the receipts that are still to be made, of all files or of those addresses; return how many were written.

    Runs after the load has committed. A receipt appears whole or not at all, its row in `ops.receipt` follows it, and
    equal facts give equal bytes: killed in between, the next run makes the same file again.
    """
    started = time.perf_counter()
    contracts = load_contracts(settings.contracts)
    with connect(settings) as connection:
        files = pending(connection, contracts, settings.contracts, uris)
        if not files:
            return 0
        made = [_make(settings, facts) for facts in files]
        failed = [
            facts for facts, path in zip(files, made, strict=True) if facts.marks and path and path.suffix == ".txt"
        ]
        _remember(connection, files, made)
        write_outcome(
            connection,
            run_id,
            "receipts",
            "",
            "succeeded",
            len(files),
            time.perf_counter() - started,
            f"{len(failed)} could only be told in words" if failed else None,
        )
    return len(files)


def receipt_path(settings: Settings, submission_id: str) -> Path | None:
    """File of a submission's receipt, made again if it is gone; None where there is none (no such submission, no sender)."""
    with connect(settings) as connection:
        row = connection.execute(
            "select s.source_uri, r.path from ops.submission as s left join ops.receipt as r using (submission_id)"
            " where s.submission_id = %s",
            [submission_id],
        ).fetchone()
    if row is None or not has_sender(row[0]):
        return None
    uri, path = row
    if path is None or not (receipts_folder(settings) / path).exists():
        with connect(settings) as connection:
            connection.execute(
                "delete from ops.receipt where submission_id in"
                " (select submission_id from ops.submission where source_uri = %s)",
                [uri],
            )
        make_receipts(settings, "by hand", [uri])
        with connect(settings) as connection:
            row = connection.execute(
                "select path from ops.receipt where submission_id = %s", [submission_id]
            ).fetchone()
            path = row[0] if row else None
    return receipts_folder(settings) / path if path else None


def has_sender(uri: str) -> bool:
    """Whether somebody delivered the file and may want an answer."""
    return not uri.lower().endswith(_NO_SENDER)


def _make(settings: Settings, facts: FileFacts) -> Path | None:
    """Write one receipt, in words where a workbook cannot be made; its path inside the folder, None without a sender."""
    if not has_sender(facts.uri):
        return None
    content: bytes | None = None
    if facts.marks and facts.is_newest:
        try:
            content = _workbook(settings, facts)
        except Exception:  # whatever is wrong with a sender's file, he gets an answer and the night goes on
            content = None
    base = _place(facts.uri)
    workbook, words = base.with_name(f"{base.name}.xlsx"), base.with_name(f"{base.name}.txt")
    folder = receipts_folder(settings)
    if not facts.is_newest:  # what came later under the same name has the answer that counts
        return workbook if (folder / workbook).exists() else words
    if content is not None:
        _write(folder / workbook, content)
        (folder / words).unlink(missing_ok=True)
        return workbook
    _write(folder / words, _BYTE_ORDER_MARK + text(facts).encode())
    (folder / workbook).unlink(missing_ok=True)
    return words


def _workbook(settings: Settings, facts: FileFacts) -> bytes:
    original = archived_path(settings.archive, facts.sha256).read_bytes()
    if original.startswith(b"PK"):
        try:
            return marked_workbook(original, facts)
        except UnusualWorkbookError:
            pass
    try:
        grids = [grid for grid in open_grids(original) if not is_own_sheet(grid)]
    except UnreadableFileError:
        grids = []
    return mirrored_workbook(grids, facts)


def _place(uri: str) -> Path:
    """Path of a receipt without its suffix; `a.csv` and `a.xlsx` get different ones."""
    given = PurePosixPath(uri)
    if given.is_absolute() or ".." in given.parts:
        raise ValueError("an address leaves the inbox")
    name = given.stem if given.suffix.lower() == ".xlsx" else given.name
    cut = name.encode()[:_LONGEST_NAME].decode(errors="ignore")
    return Path(*given.parts[:-1], f"{cut}_回执")


def _remember(connection: psycopg.Connection, files: list[FileFacts], made: list[Path | None]) -> None:
    rows = [
        (told.submission_id, path.as_posix() if path else None)
        for facts, path in zip(files, made, strict=True)
        for told in facts.told
    ]
    with connection.cursor() as cursor:
        cursor.executemany(
            "insert into ops.receipt (submission_id, path) values (%s, %s)"
            " on conflict (submission_id) do update set path = excluded.path, made_at = now()",
            rows,
        )


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{os.getpid()}.part")
    draft.write_bytes(content)
    draft.replace(path)
