"""The page of one district, or of any other organisation."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import psycopg
from fastapi import APIRouter, HTTPException, Path, Query
from starlette.requests import Request
from starlette.responses import Response

from zaoxue.board.feeds import feed_names
from zaoxue.board.queries import district as queries
from zaoxue.board.queries.heat_map import remembered
from zaoxue.board.rendering import BEIJING, Page
from zaoxue.board.viewers import may_download, sees
from zaoxue.periods import end_of_day
from zaoxue.submissions.board import quarantine_causes, told
from zaoxue.warehouse.database import connect

router = APIRouter()
FILES = 50


@router.get("/district/{code}")
def district(
    request: Request,
    code: Annotated[str, Path(pattern="^[0-9A-Z]{2,20}$")],
    feed: str | None = None,
    last: Annotated[int, Query(ge=1, le=60)] = 3,
    at: Annotated[int, Query(alias="page", ge=1)] = 1,
) -> Response:
    """Obligations, files, quarantine by cause and alerts of an organisation within what the viewer sees."""
    page = Page(request)
    with connect(page.settings) as connection:
        found = queries.organisation(connection, code)
        if not sees(connection, page.viewer, code):
            raise HTTPException(403)
        if found is None:
            raise HTTPException(404)
        instant = _instant(connection)
        sent = queries.files(connection, code, FILES + 1, offset=(at - 1) * FILES, feed=feed or None)
        return page.render(
            "district.html",
            district=found,
            instant=instant,
            unsettled=queries.unsettled(connection, code, instant),
            rates=queries.rates(connection, code, instant, last),
            held=queries.files(connection, code, FILES, state="received"),
            files=sent[:FILES],
            more=len(sent) > FILES,
            at=at,
            feed=feed or "",
            causes=quarantine_causes(connection, instant, code),
            told=told(connection, code),
            feeds=feed_names(page.settings, page.language),
            may_download=may_download,
        )


def _instant(connection: psycopg.Connection) -> datetime:
    last, _ = remembered(connection)
    now = datetime.now(BEIJING)
    return min(now, end_of_day(last)) if last else now
