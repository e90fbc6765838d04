"""Working days, the state of every obligation, and what the alerts remember."""

from zaoxue.warehouse.migrations import run_sql_beside

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    run_sql_beside(__file__)
