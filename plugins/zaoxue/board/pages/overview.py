"""The first page: districts × nights, and which district is in trouble."""

from __future__ import annotations

import calendar
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import accumulate
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from zaoxue.board.feeds import feed_names
from zaoxue.board.queries.heat_map import (
    MOST_NIGHTS,
    STATES,
    Choice,
    Standing,
    prefectures,
    remembered,
    standings,
)
from zaoxue.board.rendering import LANGUAGES, Page, words
from zaoxue.warehouse.database import connect

router = APIRouter()
SHOWN_NIGHTS = 30
PAGE_SIZE = 200
# A state is told by its letter as well as by its colour; the class is short because there are thousands of cells.
_CLASSES = {state: state[0] for state in STATES} | {"missing": "x", "met": "k", None: "z"}


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    standing: Standing
    runs: list[tuple[str | None, int]]

    @property
    def now(self) -> str | None:
        """The state of the last night."""
        return self.runs[-1][0]


@router.get("/")
def overview(
    request: Request,
    feed: str | None = None,
    prefecture: Annotated[str | None, Query(pattern="^[0-9A-Z]{0,20}$")] = None,
    month: Annotated[str | None, Query(pattern="^([0-9]{4}-(0[1-9]|1[0-2]))?$")] = None,
    nights: Annotated[int, Query(ge=1, le=MOST_NIGHTS)] = SHOWN_NIGHTS,
    order: Literal["worst", "code"] = "worst",
    at: Annotated[int, Query(alias="page", ge=1)] = 1,
    size: Annotated[int, Query(ge=1, le=10_000)] = PAGE_SIZE,
) -> Response:
    """Every recipient the viewer sees, night by night, the worst first."""
    page = Page(request)
    with connect(page.settings) as connection:
        last, months = remembered(connection)
        if last is None:
            return page.render("message.html", title="overview", text="no_night_yet", link=None)
        choice = _choice(last, month, nights, feed or None, prefecture or None)
        found = standings(connection, page.viewer, choice)
        places = prefectures(connection, page.viewer)
    rows = [Row(standing, standing.runs(choice.nights)) for standing in found]
    if order == "worst":
        rows.sort(key=_severity)
    pages = max(1, -(-len(rows) // size))
    at = min(at, pages)
    return page.render(
        "overview.html",
        choice=choice,
        nights=[date.fromordinal(choice.first_night.toordinal() + i) for i in range(choice.nights)],
        rows=rows[(at - 1) * size : at * size],
        cells=_cells(page.language),
        total=len(rows),
        now=Counter(row.now for row in rows),
        trouble=_in_trouble(rows),
        legend=[(state, _CLASSES[state], page.say(f"sign_{state or 'none'}")) for state in (*STATES, None)],
        feeds=feed_names(page.settings, page.language),
        prefectures=places,
        months=[f"{m:%Y-%m}" for m in months],
        chosen={"feed": feed or "", "prefecture": prefecture or "", "month": month or "", "order": order},
        at=at,
        pages=pages,
        size=size,
    )


def _choice(last: date, month: str | None, nights: int, feed: str | None, prefecture: str | None) -> Choice:
    if month:
        first = date.fromisoformat(f"{month}-01")
        end = min(last, first.replace(day=calendar.monthrange(first.year, first.month)[1]))
        if end >= first:
            return Choice(end, (end - first).days + 1, feed, prefecture)
    return Choice(last, nights, feed, prefecture)


def _severity(row: Row) -> tuple[int, int, str]:
    state = row.now
    return (STATES.index(state) if state else len(STATES), -row.standing.outstanding, row.standing.code)


@cache
def _cells(language: str) -> Callable[[Row], Markup]:
    """What makes a row's cells: in Python, for there are ninety thousand of them, and out of a few constants."""
    place = LANGUAGES.index(language)
    cells = {
        state: Markup("<td class={}>{}").format(css, words()[f"sign_{state or 'none'}"][place])
        for state, css in _CLASSES.items()
    }
    return lambda row: Markup("").join([cells[state] * nights for state, nights in row.runs])


def _in_trouble(rows: list[Row]) -> list[int]:
    """How many recipients were missing something, night by night."""
    change: Counter[int] = Counter()
    night = 0
    for row in rows:
        night = 0
        for state, nights in row.runs:
            if state in ("missing", "rejected"):
                change[night] += 1
                change[night + nights] -= 1
            night += nights
    return list(accumulate(change[each] for each in range(night)))
