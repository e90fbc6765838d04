"""What the news claims, beside what the ledgers say."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from zaoxue.board.feeds import code_names
from zaoxue.board.queries import claims as queries
from zaoxue.board.rendering import Page
from zaoxue.board.viewers import marts_for

router = APIRouter()
SHOWN = 100


@router.get("/claims")
def claims(request: Request, verdict: str | None = None, at: Annotated[int, Query(alias="page", ge=1)] = 1) -> Response:
    """Reconciled claims about places the viewer sees, the newest first."""
    page = Page(request)
    chosen = verdict if verdict in queries.VERDICTS else None
    with marts_for(page.settings, page.viewer) as connection:
        counts = queries.verdicts(connection)
        found = queries.claims(connection, chosen, SHOWN + 1, (at - 1) * SHOWN)
    return page.render(
        "claims.html",
        claims=found[:SHOWN],
        more=len(found) > SHOWN,
        at=at,
        counts=counts,
        verdicts=queries.VERDICTS,
        chosen=chosen or "",
        measures=code_names(page.settings, "case_report", "measure", page.language),
    )
