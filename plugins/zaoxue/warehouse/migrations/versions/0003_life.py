"""What people decide about submissions, the receipts that were made, and obligations whose file is held."""

from zaoxue.warehouse.migrations import run_sql_beside

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    run_sql_beside(__file__)
