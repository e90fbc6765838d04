"""Where messages go: a JSON-lines file that is always there, and any address Apprise understands."""

from __future__ import annotations

import hashlib
import json
import logging
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True)
class OutgoingAlert:
    """One message of the outbox. A receiver can tell a repeated one by its `alert_key`."""

    alert_key: str
    kind: str
    recipient: str
    subject: str
    body: str


class Channel(Protocol):
    """A way out. `name` is stable, and safe to store and to log."""

    @property
    def name(self) -> str: ...

    def deliver(self, alert: OutgoingAlert) -> str | None:
        """Hand the message over; None when it was taken, else why not (no secret in it)."""


@dataclass(frozen=True)
class JsonLinesChannel:
    """Appends one JSON object a line to a file (mode 0600)."""

    path: Path
    name: str = "file"

    def deliver(self, alert: OutgoingAlert) -> str | None:
        """On disk when it returns None."""
        line = (json.dumps(asdict(alert), ensure_ascii=False) + "\n").encode()
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
            try:
                size = os.fstat(handle).st_size
                # A writer killed in the middle of a line leaves half a line: end it, so that only that one is lost.
                if size and os.pread(handle, 1, size - 1) != b"\n":
                    line = b"\n" + line
                os.write(handle, line)
                os.fsync(handle)
            finally:
                os.close(handle)
        except OSError as error:
            return f"file: {type(error).__name__}"
        return None


@dataclass(frozen=True)
class AppriseChannel:
    """One Apprise address (WeCom, DingTalk, Feishu, e-mail, webhook, ...). The address holds secrets."""

    url: str

    @property
    def name(self) -> str:
        """Scheme and a digest of the address."""
        return f"{self.url.split(':', 1)[0].lower()}:{hashlib.sha256(self.url.encode()).hexdigest()[:12]}"

    def deliver(self, alert: OutgoingAlert) -> str | None:
        """Taken when the other side answered so within Apprise's time-out (4 s to connect, 4 s to read)."""
        import apprise  # slow to import, and not needed by those who write to the file alone

        # Its log quotes addresses with their passwords; what matters is returned, stored and shown.
        logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)
        sender = apprise.Apprise.instantiate(self.url, suppress_exceptions=True)
        if not isinstance(sender, apprise.NotifyBase):
            return f"{self.name}: Apprise does not understand this address"
        if "overflow=" not in self.url:  # a long digest is cut up rather than refused or cut off
            sender.overflow_mode = apprise.OverflowMode.SPLIT
        try:
            taken = sender.notify(title=alert.subject, body=alert.body, body_format=apprise.NotifyFormat.TEXT)
        except Exception as error:  # a plugin's error must not stop the other channels
            return f"{self.name}: {type(error).__name__}"
        return None if taken else f"{self.name}: not accepted"


@dataclass(frozen=True)
class MissingAddress:
    """An address that is only named (`env:WECOM_9901`), under a name that holds nothing. Its messages wait."""

    name: str

    def deliver(self, alert: OutgoingAlert) -> str | None:
        """Never taken."""
        return f"{self.name}: nothing is stored under this name"


# Where the address stands that organisations.csv or a setting only names. `env:NAME` is an environment variable; Airflow
# adds `connection:ID` (zaoxue_airflow).
ADDRESS_BOOKS: dict[str, Callable[[str], str | None]] = {"env": os.environ.get}


def channels_for(alert_file: Path, urls: Iterable[str]) -> list[Channel]:
    """The file, then each address once. An address may be named instead of written: `env:NAME`, `connection:ID`."""
    addressed = [channel for url in urls for channel in _addressed(url)]
    return [JsonLinesChannel(alert_file), *dict.fromkeys(addressed)]


def _addressed(url: str) -> Iterator[Channel]:
    book, colon, name = url.partition(":")
    if not colon or name.startswith("//"):
        yield AppriseChannel(url)
        return
    found = ADDRESS_BOOKS[book](name) if book in ADDRESS_BOOKS else None
    if not found or not found.split():
        yield MissingAddress(url)
    for address in (found or "").split():
        yield AppriseChannel(address)
