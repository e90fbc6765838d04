"""The review queue of the news: claims and cases that wait for a person, and the person's decisions.

`news_review` brings polars and more, seconds to import: so with the first look at this page, not with the first of another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Depends, HTTPException, Path, Query
from starlette.requests import Request
from starlette.responses import Response

from zaoxue.board.feeds import code_names
from zaoxue.board.rendering import Page
from zaoxue.board.viewers import engineers_only
from zaoxue.warehouse.database import connect

if TYPE_CHECKING:
    from zaoxue.pipeline.news_review import Waiting

router = APIRouter(dependencies=[Depends(engineers_only)])
SHOWN = 20
_DECISIONS = ("accept", "correct", "reject")
_CLOSED = ("measure", "kind", "scope")


@router.get("/review")
def review(
    request: Request,
    everything: bool = False,
    at: Annotated[int, Query(alias="page", ge=1)] = 1,
    done: str | None = None,
) -> Response:
    """What waits, the newest article first."""
    return _show(Page(request), everything, at, done=done if done in _DECISIONS else None)


async def _form(request: Request) -> dict[str, str]:
    return {name: value for name, value in (await request.form()).items() if isinstance(value, str)}


@router.post("/review/{item_id}")
def decision(
    request: Request,
    item_id: Annotated[str, Path(pattern="^[0-9a-zA-Z]{8,64}$")],
    form: Annotated[dict[str, str], Depends(_form)],
) -> Response:
    """Accept, reject or correct one, in the name of whoever asks. Only what was changed in the form is a correction."""
    from zaoxue.pipeline.news_review import ReviewError, decide, waiting

    page = Page(request)
    with connect(page.settings) as connection:
        found = next((w for w in waiting(connection, everything=True) if w.item_id == item_id), None)
        if found is None:
            raise HTTPException(404)
        chosen = form.get("decision", "")
        try:
            decide(
                connection,
                page.settings.contracts,
                item_id,
                chosen,
                reason=form.get("reason", ""),
                decided_by=page.viewer.name,
                corrected=_changed(found, form) if chosen == "correct" else None,
            )
        except ReviewError as error:
            connection.rollback()
            return _show(page, False, 1, 409, error=str(error))
    return page.redirect("/review", done=chosen)


def _changed(item: Waiting, form: dict[str, str]) -> dict[str, str | None]:
    from zaoxue.pipeline.news_review import CORRECTABLE

    return {
        name: form[name].strip() or None
        for name in CORRECTABLE
        if name in form and form[name].strip() != as_text(item.reads.get(name))
    }


def as_text(value: object) -> str:
    """A value that was read, as a form shows it."""
    return "" if value is None else str(value)


def _show(
    page: Page, everything: bool, at: int, status: int = 200, *, error: str | None = None, done: str | None = None
) -> Response:
    from zaoxue.pipeline.news_review import CORRECTABLE, waiting

    with connect(page.settings) as connection:
        found = waiting(connection, everything=everything)
    pages = max(1, -(-len(found) // SHOWN))
    at = min(at, pages)
    return page.render(
        "review.html",
        status,
        waiting=found[(at - 1) * SHOWN : at * SHOWN],
        total=len(found),
        everything=everything,
        at=at,
        pages=pages,
        correctable=CORRECTABLE,
        codes={name: code_names(page.settings, "case_report", name, page.language) for name in _CLOSED},
        as_text=as_text,
        error=error,
        done=done,
    )
