"""The command line's night as a process of its own, in a home of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from zaoxue.warehouse.embedded import EmbeddedPostgres, binary

AS_OF = "2026-06-30"
ZAOXUE = str(Path(sys.executable).parent / "zaoxue")
# Figures of ops that must not depend on when or how often something ran.
SUBMISSIONS = (
    "select submission_id, source_uri, sha256, received_at, feed, organisation_code, period, version, state, is_nil,"
    " rows_in_file, rows_accepted, rows_quarantined, rows_not_data, reason_zh from ops.submission"
)
TIMELESS = {
    "ops.submission": SUBMISSIONS,
    "ops.quarantine": "table ops.quarantine",
    "ops.gate_result": "table ops.gate_result",
    "ops.sheet_account": "table ops.sheet_account",
    "ops.obligation": "table ops.obligation",
    "ops.receipt": "select submission_id, path from ops.receipt",
    "ops.alert": "select alert_key, kind, recipient, subject, body from ops.alert",
}


class Home:
    """One installation under a folder, with a real embedded server."""

    def __init__(self, folder: Path, inbox: Path, bank_url: str = "", bank_token: str = "") -> None:
        self.folder = folder
        self.inbox = inbox
        self.environment = os.environ | {
            "ZAOXUE_HOME": str(folder),
            "ZAOXUE_PERSON_KEY_SECRET": "one secret for all homes",
            "ZAOXUE_BANK_API_URL": bank_url,
            "ZAOXUE_BANK_API_TOKEN": bank_token,
        }
        for name in list(self.environment):
            if name.startswith("AIRFLOW"):  # what another test has set for this process
                del self.environment[name]

    @property
    def command(self) -> list[str]:
        """The night as typed."""
        return [ZAOXUE, "nightly", "--inbox", str(self.inbox), "--as-of", AS_OF, "--json"]

    def night(self) -> dict[str, Any]:
        """Run one night to its end; its summary."""
        done = subprocess.run(self.command, env=self.environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr[-2000:] + self.log()[-3000:]
        summary: dict[str, Any] = json.loads(done.stdout)
        return summary

    def log(self) -> str:
        """What Airflow and its tasks wrote."""
        path = self.folder / "logs" / "nightly.log"
        return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""

    @property
    def server(self) -> EmbeddedPostgres:
        """Its server."""
        return EmbeddedPostgres(self.folder / "postgres")

    def fingerprints(self) -> dict[str, tuple[int, str]]:
        """(rows, hash) of every table of raw and marts, and of what ops knows apart from times."""
        with psycopg.connect(self.server.database_url("zaoxue")) as connection:
            connection.execute("set timezone to 'Asia/Shanghai'")
            names = connection.execute(
                "select schemaname, tablename from pg_tables where schemaname in ('raw', 'marts')"
            )
            tables = {
                f"{schema}.{name}": sql.SQL("table {}").format(sql.Identifier(schema, name)) for schema, name in names
            }
            tables |= {name: sql.SQL(text) for name, text in TIMELESS.items()}
            return {
                name: connection.execute(
                    sql.SQL(
                        "select count(*), md5(coalesce(string_agg(t::text, '~' order by t::text), '')) from ({}) t"
                    ).format(rows)
                ).fetchone()
                or (0, "")
                for name, rows in sorted(tables.items())
            }

    def dump(self) -> str:
        """The whole of both databases as SQL."""
        return "\n".join(
            subprocess.run(
                [str(binary("pg_dump")), self.server.database_url(name)], capture_output=True, text=True, check=True
            ).stdout
            for name in ("zaoxue", "airflow")
        )

    def files(self) -> str:
        """Every text the home holds outside the database and the archive of originals: logs, documents, alerts."""
        kept_apart = {
            "postgres",
            "archive",
            "receipts",
            "pulled",
            "province",
        }  # receipts: the sender's own rows, for him alone
        return "\n".join(
            path.read_text(encoding="utf-8", errors="replace")
            for path in self.folder.rglob("*")
            if path.is_file() and path.relative_to(self.folder).parts[0] not in kept_apart
        )
