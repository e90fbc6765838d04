"""Read risky workbooks in a process of its own, with a limit of memory and of time: a crash or a hang there costs one file.

The process is started at the first such file and kept; where it dies or takes too long it is replaced.
"""

from __future__ import annotations

import atexit
import io
import json
import os
import struct
import subprocess
import sys
import threading
from typing import IO

import polars as pl

from zaoxue.workbooks import limits
from zaoxue.workbooks.errors import UnreadableFileError
from zaoxue.workbooks.excel import RawSheet, read_sheets

_LENGTH = struct.Struct(">Q")


class _Reader:
    """The reading process and the pipe to it. One at a time uses it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0

    def read(self, content: bytes, seconds: float) -> list[RawSheet]:
        with self._lock:
            process = self._running()
            late = threading.Event()

            def stop() -> None:
                late.set()
                process.kill()

            timer = threading.Timer(seconds, stop)
            timer.start()
            try:
                return _exchange(process, content)
            except (EOFError, OSError) as gone:
                self.close()
                raise _too_costly(seconds, late.is_set()) from gone
            finally:
                timer.cancel()

    def close(self) -> None:
        if self._process is not None and self._owner == os.getpid():
            self._process.kill()
            self._process.wait()
            for pipe in (self._process.stdin, self._process.stdout):
                if pipe is not None:
                    pipe.close()
        self._process = None

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None or self._owner != os.getpid():
            self._process = subprocess.Popen(
                [sys.executable, "-m", "zaoxue.workbooks.guard"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={**os.environ, "POLARS_MAX_THREADS": "1", "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)},
            )
            self._owner = os.getpid()
        return self._process


_READER = _Reader()
atexit.register(_READER.close)


def read_guarded(content: bytes, seconds: float = limits.GUARD_SECONDS) -> list[RawSheet]:
    """`read_sheets` in the other process. Raises UnreadableFileError, also where it needs too much memory or time."""
    return _READER.read(content, seconds)


def _exchange(process: subprocess.Popen[bytes], content: bytes) -> list[RawSheet]:
    assert process.stdin is not None and process.stdout is not None  # noqa: S101, PT018  # both are pipes
    _send(process.stdin, content)
    answer = json.loads(_receive(process.stdout))
    if "reason_zh" in answer:
        raise UnreadableFileError(answer["reason_zh"], answer["reason_en"])
    return [
        RawSheet(s["name"], s["hidden"], s["first_column"], pl.read_ipc(io.BytesIO(_receive(process.stdout))))
        for s in answer["sheets"]
    ]


def _too_costly(seconds: float, late: bool) -> UnreadableFileError:
    zh, en = (
        (f"读取超过 {seconds:.0f} 秒", f"takes more than {seconds:.0f} seconds to read")
        if late
        else ("读取所需内存超过上限", "needs more memory to read than allowed")
    )
    return UnreadableFileError(
        f"工作簿{zh}，不予读取。请只保留台账内容，另存为 .xlsx 后再报送",
        f"The workbook {en}; keep the ledger alone, save it as .xlsx and resend",
    )


def _send(pipe: IO[bytes], body: bytes) -> None:
    pipe.write(_LENGTH.pack(len(body)))
    pipe.write(body)
    pipe.flush()


def _receive(pipe: IO[bytes]) -> bytes:
    (length,) = _LENGTH.unpack(_exactly(pipe, _LENGTH.size))
    return _exactly(pipe, length)


def _exactly(pipe: IO[bytes], length: int) -> bytes:
    body = pipe.read(length)
    if len(body) < length:
        raise EOFError
    return body


def serve(requests: IO[bytes], answers: IO[bytes]) -> None:
    """Answer one workbook after another until the pipe closes."""
    while True:
        try:
            content = _receive(requests)
        except EOFError:
            return
        try:
            sheets = read_sheets(content)
        except UnreadableFileError as refused:
            _send(answers, json.dumps({"reason_zh": refused.reason_zh, "reason_en": refused.reason_en}).encode())
            continue
        told = [{"name": s.name, "hidden": s.hidden, "first_column": s.first_column} for s in sheets]
        bodies = []
        for sheet in sheets:
            body = io.BytesIO()
            sheet.cells.write_ipc(body)
            bodies.append(body.getvalue())
        _send(answers, json.dumps({"sheets": told}).encode())
        for packed in bodies:
            _send(answers, packed)


def _limit_memory() -> None:
    if sys.platform == "linux":
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (limits.GUARD_MEMORY_BYTES, limits.GUARD_MEMORY_BYTES))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    _limit_memory()
    serve(sys.stdin.buffer, sys.stdout.buffer)
