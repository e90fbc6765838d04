"""Pages of news sites for conditional requests, and which articles tell the same story."""

from zaoxue.warehouse.migrations import run_sql_beside

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    run_sql_beside(__file__)
