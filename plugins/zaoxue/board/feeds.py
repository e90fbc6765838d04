"""What the feeds are called on the board."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from zaoxue.contracts import Contract, load_contracts
from zaoxue.settings import Settings


@cache
def _contracts(folder: Path) -> dict[str, Contract]:
    return load_contracts(folder)


def contracts_of(settings: Settings) -> dict[str, Contract]:
    """The contracts, read once: a changed contract comes with a restart of Airflow's services, as it does for the DAGs."""
    return _contracts(settings.contracts)


def feed_names(settings: Settings, language: str) -> dict[str, str]:
    """Feed -> its Chinese title, or its English name."""
    return {
        feed: contract.title if language == "zh" else feed.replace("_", " ")
        for feed, contract in contracts_of(settings).items()
    }


def rule_messages(settings: Settings, feed: str | None, language: str) -> dict[str, str]:
    """Rule id -> what it asks for, of one feed."""
    contract = contracts_of(settings).get(feed or "")
    return {r.rule_id: r.message_zh if language == "zh" else r.message_en for r in (contract.rules if contract else ())}


def code_names(settings: Settings, feed: str, column: str, language: str) -> dict[str, str]:
    """Code -> its Chinese label (the first of several), or its English name, of a code list of a contract."""
    names: dict[str, str] = {}
    for label, code in contracts_of(settings)[feed].by_name[column].codes.items():
        names.setdefault(code, label if language == "zh" else code.replace("_", " "))
    return names
