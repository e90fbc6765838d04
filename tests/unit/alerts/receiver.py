"""A webhook receiver in a process of its own, as the tests drive it."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any


class Receiver:
    """A process that takes POSTs and writes them down; `behave` says how it answers."""

    def __init__(self, folder: Path) -> None:
        self._mode = folder / "mode"
        self._record = folder / "record"
        self._record.touch()
        self.behave("take")
        script = Path(__file__).with_name("http_receiver.py")
        self._process = subprocess.Popen(
            [sys.executable, script, self._record, self._mode], stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout is not None
        self.port = int(self._process.stdout.readline())

    @property
    def url(self) -> str:
        """Its Apprise address, with a password that must never be stored."""
        return f"json://clerk:s3cret@127.0.0.1:{self.port}/hook"

    def behave(self, mode: str) -> None:
        """take, refuse, `kill-before PID` (kill that process, take nothing), `kill-after PID` (take, then kill)."""
        self._mode.write_text(mode)

    def taken(self) -> list[dict[str, Any]]:
        """The messages it has taken."""
        return [json.loads(line) for line in self._record.read_text().splitlines()]

    def stop(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()


class MailServer:
    """A real SMTP server in a process of its own, that can be stopped and started on the same port."""

    def __init__(self, folder: Path) -> None:
        self._record = folder / "mail"
        self._record.touch()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        self.start()

    def url(self, to: str) -> str:
        """Its Apprise address for a mailbox."""
        return f"mailto://127.0.0.1:{self.port}?smtp=127.0.0.1&mode=insecure&from=zaoxue@example.org&to={to}"

    def start(self) -> None:
        """Take mail."""
        script = Path(__file__).with_name("smtp_receiver.py")
        self._process = subprocess.Popen(
            [sys.executable, script, self._record, str(self.port)], stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout is not None
        assert self._process.stdout.readline().strip() == str(self.port)

    def taken(self) -> list[dict[str, Any]]:
        """The mails it has taken."""
        return [json.loads(line) for line in self._record.read_text(encoding="utf-8").splitlines()]

    def stop(self) -> None:
        """Nobody listens on the port any more."""
        self._process.kill()
        self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()
