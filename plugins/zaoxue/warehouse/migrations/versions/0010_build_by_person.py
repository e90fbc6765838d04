"""What the next build of the marts can stand on: the last one, and the people whose rows have changed since."""

from zaoxue.warehouse.migrations import run_sql_beside

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    run_sql_beside(__file__)
