"""Who stayed, who was placed, what became of the trained: charts and the tables they are drawn from."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import psycopg
from fastapi import APIRouter, Query
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from zaoxue.board import charts
from zaoxue.board.queries import outcomes as queries
from zaoxue.board.queries.heat_map import prefectures
from zaoxue.board.rendering import Page
from zaoxue.board.viewers import marts_for
from zaoxue.warehouse.database import connect

router = APIRouter()
DEFAULT_HORIZON = 180
SHOWN_AREAS = 60


@router.get("/outcomes")
def outcomes(
    request: Request,
    horizon: Annotated[int, Query(ge=1, le=3660)] = DEFAULT_HORIZON,
    quarter: date | None = None,
    prefecture: Annotated[str, Query(pattern="^[0-9]{0,6}$")] = "",
    at: Annotated[int, Query(alias="page", ge=1)] = 1,
) -> Response:
    """Retention as published, placements by month and the training funnel, of what the viewer sees."""
    page = Page(request)
    with connect(page.settings) as connection:
        places = prefectures(connection, page.viewer)
        names = _names(connection)
    with marts_for(page.settings, page.viewer) as connection:
        quarters, horizons = queries.periods(connection)
        chosen = quarter or queries.latest_told(connection, horizon) or (quarters[0] if quarters else None)
        found = queries.retention(connection, chosen, horizon, prefecture) if chosen else []
        months = queries.placements(connection, prefecture)
        funnel = queries.funnel(connection, prefecture)
        small = queries.small_cell(connection)
    pages = max(1, -(-len(found) // SHOWN_AREAS))
    at = min(at, pages)
    shown = found[(at - 1) * SHOWN_AREAS : at * SHOWN_AREAS]
    return page.render(
        "outcomes.html",
        retention=shown,
        retention_chart=_retention_chart(page, shown, names, chosen, horizon),
        names={queries.EVERYWHERE: page.say("everywhere"), **names},
        months=months,
        month_chart=_month_chart(page, months, small),
        funnel=funnel,
        funnel_chart=_funnel_chart(page, funnel, small),
        small=small,
        hide=lambda count: hidden(count, small),
        quarters=quarters,
        quarter_name=quarter_name,
        horizons=horizons,
        prefectures=places,
        chosen={"quarter": chosen, "horizon": horizon, "prefecture": prefecture},
        at=at,
        pages=pages,
    )


def hidden(count: int | None, small: int) -> bool:
    """Whether a count of people is too small to be shown."""
    return count is not None and 0 < count < small


def quarter_name(first: date) -> str:
    """2026-04-01 -> 2026Q2."""
    return f"{first.year}Q{(first.month + 2) // 3}"


def _names(connection: psycopg.Connection) -> dict[str, str]:
    return dict(
        connection.execute("select organisation_code, name from ops.organisation where kind = 'district'").fetchall()
    )


def _retention_chart(
    page: Page, rows: list[queries.Retention], names: dict[str, str], quarter: date | None, horizon: int
) -> Markup | None:
    if not rows or quarter is None:
        return None
    return charts.ranges(
        "retention",
        page.say("retention_title", days=horizon, quarter=quarter_name(quarter)),
        page.say("retention_desc"),
        [
            charts.Range(
                page.say("everywhere")
                if row.area_code == queries.EVERYWHERE
                else names.get(row.area_code, row.area_code),
                row.rate_lower,
                row.rate_upper,
                row.rate_known,
                _bounds(page, row),
            )
            for row in rows
        ],
    )


def _bounds(page: Page, row: queries.Retention) -> str:
    if row.rate_lower is None or row.rate_upper is None:
        return page.say(f"reason_{row.reason}") if row.reason else "–"
    both = (
        f"{100 * row.rate_lower:.0f}–{100 * row.rate_upper:.0f} %" if row.unknown else f"{100 * row.rate_lower:.0f} %"
    )
    return f"{both} ({row.due:,})"


def _month_chart(page: Page, months: list[queries.Month], small: int) -> Markup | None:
    if not months:
        return None
    return charts.bars(
        "placements",
        page.say("placements_title"),
        page.say("placements_desc"),
        [_bar(f"{m.month:%Y-%m}", m.placements, small) for m in months],
    )


def _funnel_chart(page: Page, funnel: queries.Funnel | None, small: int) -> Markup | None:
    if funnel is None or funnel.first is None:
        return None
    return charts.bars(
        "funnel",
        page.say("funnel_title"),
        page.say("funnel_desc"),
        [
            _bar(page.say(f"funnel_{name}"), getattr(funnel, name), small)
            for name in ("enrolled", "completed", "certified", "due", "placed")
        ],
    )


def _bar(label: str, count: int | None, small: int) -> charts.Bar:
    if hidden(count, small):
        return charts.Bar(label, None, f"< {small}")
    return charts.Bar(label, count, "–" if count is None else f"{count:,}")
