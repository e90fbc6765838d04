"""Every block of docs/cookbook.md runs on a built warehouse as it stands, and reads the marts alone."""

from __future__ import annotations

import re

import pytest

from tests.warehouse.conftest import Built
from zaoxue.settings import PROJECT_ROOT

TEXT = (PROJECT_ROOT / "docs" / "cookbook.md").read_text(encoding="utf-8")
RECIPES = re.findall(r"^## (\d+)\..*?```sql\n(.*?)```", TEXT, flags=re.MULTILINE | re.DOTALL)


def test_the_cookbook_is_read_whole() -> None:
    assert [int(number) for number, _ in RECIPES] == list(range(1, 36))
    assert TEXT.count("```") == 2 * len(RECIPES)


@pytest.mark.parametrize(("number", "statement"), RECIPES, ids=[number for number, _ in RECIPES])
def test_recipe(built: Built, number: str, statement: str) -> None:
    rows = built.query(statement)
    assert rows, f"recipe {number} finds nothing in a world that holds everything"
    schemas = set(re.findall(r"(?:from|join)\s+(\w+)\.", statement))
    assert schemas == {"marts"}
    if number == "1":
        wanted: dict[str, set[str]] = {}
        for spell in built.world.spells:
            if (spell.started_on.year, spell.started_on.month) == (2026, 5):
                wanted.setdefault(spell.district, set()).add(spell.person)
        assert sorted(row[1] for row in rows) == sorted(
            len(wanted.get(code, ())) for code in ("990101", "990102", "990103")
        )
