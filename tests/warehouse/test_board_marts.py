"""The board's pages of marts: what an account sees is what row-level security gives it, and small counts are not shown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from fastapi.testclient import TestClient

from tests.unit.board.conftest import ENGINEER, browser_for
from tests.warehouse.conftest import Built
from zaoxue.board.pages.outcomes import hidden
from zaoxue.board.viewers import Viewer, marts_for
from zaoxue.warehouse.database import connect

OWN, OTHER = "990101", "990102"


@contextmanager
def open_as(built: Built, account: str) -> Iterator[TestClient]:
    with browser_for(built.settings)(account) as browser:
        yield browser


def cells(html: str, heading: str) -> list[list[str]]:
    """The table under a heading, as text."""
    part = html.split(f'id="{heading}"')[1].split("</table>")[0].split("<tbody>")[1]
    return [
        [re.sub(r"<[^>]+>", " ", cell).split("  ")[0].strip() for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row)]
        for row in part.split("</tr>")
        if "<t" in row
    ]


def test_the_board_reads_marts_in_a_role_that_row_level_security_binds(built: Built) -> None:
    for tops, district in (((OWN,), OWN), ((f"{OWN}001",), None), (("B9901",), None)):
        with marts_for(built.settings, Viewer("somebody", tops)) as connection:
            assert connection.execute("select current_user").fetchone() == ("zaoxue_board",)
            seen = connection.execute("select distinct district_code from marts.fct_placement").fetchall()
            assert seen == ([(district,)] if district else [])
            for forbidden in ("ops.submission", "raw.placement"):
                with pytest.raises(psycopg.errors.InsufficientPrivilege), connection.transaction():
                    connection.execute(f"select 1 from {forbidden}")
            with pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.errors.ReadOnlySqlTransaction)):
                connection.execute("delete from marts.fct_placement")
    with marts_for(built.settings, Viewer("engineer", None)) as connection:
        assert len(connection.execute("select distinct district_code from marts.fct_placement").fetchall()) > 1
    with connect(built.settings) as connection:  # the name alone, without the board's role, gives nothing
        connection.execute(f"set zaoxue.organisations = '{OWN}'")
        connection.execute("set local role zaoxue_district")
        assert connection.execute("select count(*) from marts.fct_placement").fetchone() == (0,)


def test_outcomes_are_of_what_the_account_sees(built: Built) -> None:
    placed = (
        "select to_char(month, 'YYYY-MM'), sum(placements)::int from marts.mart_placement_monthly"
        " where starts_with(district_code, %s) and month_no > (select max(month_no) from marts.mart_placement_monthly) - 12"
        " group by month order by month"
    )
    for account, prefix in ((ENGINEER, ""), (OWN, OWN), (OTHER, OTHER)):
        with open_as(built, account) as browser:
            page = browser.get("/zaoxue/outcomes")
        assert page.status_code == 200
        shown = [(row[0], row[1]) for row in cells(page.text, "h-placements")]
        wanted = [
            (month, "–" if n is None else "&lt; 5" if hidden(n, 5) else f"{n:,}")
            for month, n in built.query(placed, prefix)
        ]
        assert shown == wanted
        assert len(shown) == 12
        assert page.text.count('role="img"') == 3
        assert page.text.count("<title id=") == 3


def test_retention_is_shown_as_it_is_published(built: Built) -> None:
    hidden_rows = 0
    with open_as(built, ENGINEER) as browser:
        for quarter, days in built.query(
            "select distinct cohort_quarter, horizon_days from marts.mart_retention_published order by 1, 2"
        ):
            page = browser.get(f"/zaoxue/outcomes?quarter={quarter}&horizon={days}")
            shown = cells(page.text, "h-retention")
            wanted = built.query(
                "select due, retained, lost, unknown, reason from marts.mart_retention_published"
                " where (cohort_quarter, horizon_days) = (%s, %s) order by area_code",
                quarter,
                days,
            )
            assert [row[1:5] for row in shown] == [
                ["–" if n is None else f"{n:,}" for n in counts] for *counts, _ in wanted
            ]
            hidden_rows += sum(reason in ("small_cell", "complement") for *_, reason in wanted)
            assert page.text.count("人数过少不公布") + page.text.count("可推算，不公布") >= sum(
                reason in ("small_cell", "complement") for *_, reason in wanted
            )
    assert hidden_rows > 0


def test_claims_are_about_places_the_account_sees(built: Built) -> None:
    wanted = dict(
        built.query("select substr(place_code, 1, 6), count(*) from marts.mart_claim_reconciliation group by 1")
    )
    assert wanted
    with open_as(built, ENGINEER) as browser:
        assert f"全部 {sum(wanted.values())}" in browser.get("/zaoxue/claims").text
    with open_as(built, OWN) as browser:
        page = browser.get("/zaoxue/claims").text
        assert f"全部 {wanted.get(OWN, 0)}" in page
        assert OTHER not in page
