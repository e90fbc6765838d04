"""Start the demo's bank as a real process, and stop it again."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

TOKEN_VARIABLE = "ZAOXUE_BANK_API_TOKEN"  # noqa: S105  # the name of a variable, not a token
_START_SECONDS = 30.0


class BankServerError(RuntimeError):
    """The bank server could not be started."""


@contextmanager
def running_bank_server(data: Path, *, token: str | None = None, flaky: int = 0) -> Iterator[str]:
    """Start the bank as a process of its own, yield its address (http://127.0.0.1:port), stop it afterwards.

    It also ends by itself when this process is killed. Without `token` the one of this process's environment is used, or one is
    made and put there. `flaky` N lets every Nth call fail with 503. Raises BankServerError where it does not open its port within 30 s.
    """
    token = token or os.environ.get(TOKEN_VARIABLE) or os.environ.setdefault(TOKEN_VARIABLE, secrets.token_urlsafe(16))
    with tempfile.TemporaryDirectory(prefix="zaoxue-bank-") as folder:
        ready = Path(folder) / "address"
        command = [
            sys.executable,
            "-m",
            "zaoxue.demo.bank_server",
            "--data",
            str(data),
            "--port",
            "0",
            "--ready-file",
            str(ready),
            "--flaky",
            str(flaky),
            "--until-stdin-ends",
        ]
        process = subprocess.Popen(
            command,
            env={**os.environ, TOKEN_VARIABLE: token},
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            yield _wait_for(ready, process)
        finally:
            if process.stdin:
                process.stdin.close()
            process.terminate()
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait_for(ready: Path, process: subprocess.Popen[bytes]) -> str:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        if ready.exists():
            return ready.read_text()
        if process.poll() is not None:
            raise BankServerError(f"the bank server ended with code {process.returncode}")
        time.sleep(0.05)
    raise BankServerError(f"the bank server did not start within {_START_SECONDS:.0f} s")
