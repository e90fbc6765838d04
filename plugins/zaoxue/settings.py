"""Where things are, and the secret: read from the environment in one place.

Every path is absolute. Defaults suit a clone run by one person; a deployment sets the environment
variables named here (docs/architecture.md, Settings).
"""

from __future__ import annotations

import contextlib
import os
import secrets
import tempfile
from dataclasses import dataclass
from datetime import time
from pathlib import Path

PROJECT_ROOT = Path(__file__).resolve().parents[2]
OWN_HOME = PROJECT_ROOT / ".zaoxue"
DEMO_HOME = OWN_HOME / "demo"


@dataclass(frozen=True)
class Settings:
    """Absolute paths and addresses of one installation.

    `home` holds everything a run makes (database, archive, receipts, alerts, logs): ZAOXUE_HOME, else that of the last
    night (the demo has one of its own, so that its people never mix with real ones).
    `inbox` is the folder the districts deliver to.
    `database_url` is an external PostgreSQL; None means the embedded one under `home`.
    `bank_api_url` is a bank's loan API, `bank_code` that bank in the registry (default: the first); without an address
    loans come from files alone.
    `may_pull_privately` lets news be pulled from addresses of private networks (an office's own site).
    `alert_urls` are Apprise addresses that get every alert beside the JSON-lines file, `engineer_urls` those that get the
    engineers' alone; each may be named instead of written (`env:NAME`, `connection:ID`).
    `quiet_hours` (Asia/Shanghai, from and until; None: never) put off what goes to addresses, not to the file or to the
    engineers. `alert_contact`: whom to call where the registry names nobody.
    """

    home: Path
    inbox: Path
    database_url: str | None
    contracts: Path
    dbt_project: Path
    dags: Path
    bank_api_url: str | None
    bank_api_token: str
    bank_code: str | None
    alert_urls: tuple[str, ...]
    engineer_urls: tuple[str, ...]
    quiet_hours: tuple[time, time] | None
    alert_contact: str
    batch_bytes: int
    may_pull_privately: bool

    @property
    def archive(self) -> Path:
        """Originals, content-addressed."""
        return self.home / "archive"

    @property
    def pulled_loans(self) -> Path:
        """Pages of a bank's API as they came; they are also the cursor."""
        return self.home / "pulled" / "loans"

    @property
    def pulled_news(self) -> Path:
        """Pages of news sites as they came, a folder for each source."""
        return self.home / "pulled" / "news"

    @property
    def alert_file(self) -> Path:
        """The JSON-lines channel that is always there."""
        return self.home / "alerts.jsonl"


def load_settings() -> Settings:
    """Read the settings from the environment."""
    home = Path(os.environ.get("ZAOXUE_HOME") or _last_home()).resolve()
    inbox = os.environ.get("ZAOXUE_INBOX")
    return Settings(
        home=home,
        inbox=Path(inbox).resolve() if inbox else home / "inbox",
        database_url=os.environ.get("ZAOXUE_DATABASE_URL") or None,
        contracts=PROJECT_ROOT / "expectations",
        dbt_project=PROJECT_ROOT / "dbt_project",
        dags=PROJECT_ROOT / "dags",
        bank_api_url=os.environ.get("ZAOXUE_BANK_API_URL") or None,
        bank_api_token=os.environ.get("ZAOXUE_BANK_API_TOKEN", ""),
        bank_code=os.environ.get("ZAOXUE_BANK_CODE") or None,
        alert_urls=tuple(os.environ.get("ZAOXUE_ALERT_URLS", "").split()),
        engineer_urls=tuple(os.environ.get("ZAOXUE_ENGINEER_URLS", "").split()),
        quiet_hours=_quiet_hours(os.environ.get("ZAOXUE_QUIET_HOURS", "20:30-07:30")),
        alert_contact=os.environ.get("ZAOXUE_ALERT_CONTACT", "").strip(),
        may_pull_privately=os.environ.get("ZAOXUE_PULL_PRIVATE") == "1",
        batch_bytes=int(os.environ.get("ZAOXUE_BATCH_MIB", "28")) * 2**20,
    )


def _quiet_hours(text: str) -> tuple[time, time] | None:
    """20:30-07:30 as two times of day; nothing means never. Raises ValueError."""
    if not text.strip():
        return None
    begin, dash, end = text.partition("-")
    try:
        if not dash:
            raise ValueError
        return time.fromisoformat(begin.strip()), time.fromisoformat(end.strip())
    except ValueError:
        raise ValueError(f"ZAOXUE_QUIET_HOURS must be like 20:30-07:30 or empty, not {text!r}") from None


def remember_home(home: Path) -> None:
    """Let later commands without ZAOXUE_HOME mean this installation: that of the last night."""
    OWN_HOME.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = OWN_HOME / f".last_home.{os.getpid()}"
    draft.write_text(str(home))
    draft.replace(OWN_HOME / "last_home")


def _last_home() -> Path:
    pointer = OWN_HOME / "last_home"
    return Path(pointer.read_text()) if pointer.is_file() else OWN_HOME


def person_key_secret(settings: Settings) -> bytes:
    """Secret of the person keys: ZAOXUE_PERSON_KEY_SECRET, or one made once under `home` (mode 0600).

    Losing it means that no new row can be joined to an old one; it is never stored in the warehouse.
    """
    given = os.environ.get("ZAOXUE_PERSON_KEY_SECRET")
    if given:
        return given.encode()
    return written_once(settings.home / "person_key_secret", secrets.token_hex(32)).encode()


def written_once(path: Path, content: str) -> str:
    """Content of a private file (mode 0600), which is given this content if it is not there yet.

    Two commands that do it at once agree on one content: the file appears whole, under a link that is exclusive.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, draft = tempfile.mkstemp(dir=path.parent, prefix=".draft")
        with os.fdopen(handle, "w") as out:
            out.write(content)
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
        os.unlink(draft)
    return path.read_text()
