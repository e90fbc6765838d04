"""Where things are, and the secret: read from the environment in one place.

Every path is absolute. Defaults suit a clone run by one person; a deployment sets the environment
variables named here (docs/architecture.md, Settings).
"""

from __future__ import annotations

import os
import secrets
import tempfile
from dataclasses import dataclass
from pathlib import Path

PROJECT_ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Settings:
    """Absolute paths and addresses of one installation.

    `home` holds everything a run makes (database, archive, receipts, alerts, logs).
    `inbox` is the folder the districts deliver to.
    `database_url` is an external PostgreSQL; None means the embedded one under `home`.
    `bank_api_url` is the bank's loan API; None means loans come from files alone.
    `alert_urls` are Apprise addresses that get every alert beside the JSON-lines file.
    """

    home: Path
    inbox: Path
    database_url: str | None
    contracts: Path
    dbt_project: Path
    dags: Path
    bank_api_url: str | None
    alert_urls: tuple[str, ...]
    batch_files: int

    @property
    def archive(self) -> Path:
        """Originals, content-addressed."""
        return self.home / "archive"

    @property
    def alert_file(self) -> Path:
        """The JSON-lines channel that is always there."""
        return self.home / "alerts.jsonl"


def load_settings() -> Settings:
    """Read the settings from the environment."""
    home = Path(os.environ.get("ZAOXUE_HOME", PROJECT_ROOT / ".zaoxue")).resolve()
    inbox = os.environ.get("ZAOXUE_INBOX")
    return Settings(
        home=home,
        inbox=Path(inbox).resolve() if inbox else home / "demo" / "inbox",
        database_url=os.environ.get("ZAOXUE_DATABASE_URL") or None,
        contracts=PROJECT_ROOT / "expectations",
        dbt_project=PROJECT_ROOT / "dbt_project",
        dags=PROJECT_ROOT / "dags",
        bank_api_url=os.environ.get("ZAOXUE_BANK_API_URL") or None,
        alert_urls=tuple(os.environ.get("ZAOXUE_ALERT_URLS", "").split()),
        batch_files=int(os.environ.get("ZAOXUE_BATCH_FILES", "400")),
    )


def person_key_secret(settings: Settings) -> bytes:
    """Secret of the person keys: ZAOXUE_PERSON_KEY_SECRET, or one made once under `home` (mode 0600).

    Losing it means that no new row can be joined to an old one; it is never stored in the warehouse.
    """
    given = os.environ.get("ZAOXUE_PERSON_KEY_SECRET")
    if given:
        return given.encode()
    path = settings.home / "person_key_secret"
    if not path.exists():
        settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, draft = tempfile.mkstemp(dir=settings.home, prefix=".secret")  # mode 0600
        with os.fdopen(handle, "w") as out:
            out.write(secrets.token_hex(32))
        try:
            os.link(draft, path)  # atomic and exclusive: two commands at once agree on one secret
        except FileExistsError:
            pass
        finally:
            os.unlink(draft)
    return path.read_text().strip().encode()
