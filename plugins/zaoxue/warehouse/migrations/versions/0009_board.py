"""The board: what it remembers of each night, and whose account sees which organisation."""

from zaoxue.warehouse.migrations import run_sql_beside

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    run_sql_beside(__file__)
