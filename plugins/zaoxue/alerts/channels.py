"""Where messages go: a JSON-lines file that is always there, and any address Apprise understands."""

from __future__ import annotations

import hashlib
import json
import logging
import os
from collections.abc import Iterable
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
        sender = apprise.Apprise()
        if not sender.add(self.url):
            return f"{self.name}: Apprise does not understand this address"
        try:
            taken = sender.notify(title=alert.subject, body=alert.body, body_format=apprise.NotifyFormat.TEXT)
        except Exception as error:  # a plugin's error must not stop the other channels
            return f"{self.name}: {type(error).__name__}"
        return None if taken else f"{self.name}: not accepted"


def channels_for(alert_file: Path, urls: Iterable[str]) -> list[Channel]:
    """The file, then each address once."""
    return [JsonLinesChannel(alert_file), *(AppriseChannel(url) for url in dict.fromkeys(urls))]
