"""Schemas `ops` and `raw`, and the tables of `ops`."""

from zaoxue.warehouse.migrations import run_sql_beside

revision = "0001"
down_revision = None


def upgrade() -> None:
    run_sql_beside(__file__)
