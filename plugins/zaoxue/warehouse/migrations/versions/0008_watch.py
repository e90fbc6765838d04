"""Opening and closing by due times, what else falls due (reminder, escalation, lock), the measures, what was told of files."""

from zaoxue.warehouse.migrations import run_sql_beside

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    run_sql_beside(__file__)
