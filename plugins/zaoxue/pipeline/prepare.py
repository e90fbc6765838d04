"""What must be so before anything is loaded: schemas, raw tables, the registry of organisations."""

from __future__ import annotations

from datetime import date

from zaoxue.contracts import load_contracts
from zaoxue.loading.raw_tables import ensure_raw_table
from zaoxue.settings import Settings
from zaoxue.submissions.registry import load_registry
from zaoxue.warehouse.database import connect
from zaoxue.warehouse.locks import hold_for_writing
from zaoxue.warehouse.migrate import migrate


def prepare(settings: Settings, as_of: date) -> int:
    """Migrate, make or extend the raw tables, read the registry; return how many organisations it holds. Idempotent."""
    migrate(settings)
    with connect(settings) as connection:
        hold_for_writing(connection)
        for contract in load_contracts(settings.contracts).values():
            ensure_raw_table(connection, contract)
        return load_registry(connection, settings.inbox, as_of)
