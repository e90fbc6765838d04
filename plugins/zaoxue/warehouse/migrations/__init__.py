"""Alembic migrations of the `ops` schema. Tables of `raw` come from the contracts (zaoxue.loading.raw_tables)."""

from __future__ import annotations

from pathlib import Path

from alembic import op


def run_sql_beside(migration: str) -> None:
    """Run the .sql file that has the migration's own name."""
    op.get_bind().exec_driver_sql(Path(migration).with_suffix(".sql").read_text(encoding="utf-8"))
