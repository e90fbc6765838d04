"""Who may read what: four roles, the district of each login, and rows of the marts by district."""

from zaoxue.warehouse.migrations import run_sql_beside

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    run_sql_beside(__file__)
