"""Alembic migrations of the `ops` schema. Tables of `raw` come from the contracts (zaoxue.loading.raw_tables)."""

from __future__ import annotations

from pathlib import Path

from alembic import op


def run_sql_beside(migration: str) -> None:
    """Run the .sql file that has the migration's own name."""
    text = Path(migration).with_suffix(".sql").read_text(encoding="utf-8")
    op.get_bind().execution_options(no_parameters=True).exec_driver_sql(text)  # a % is a %
