"""What waits for a person among the claims and cases of the news, and what persons decided."""

from zaoxue.warehouse.migrations import run_sql_beside

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    run_sql_beside(__file__)
