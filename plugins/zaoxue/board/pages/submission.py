"""The page of one submission: what became of it at each step, its receipt, and what a person may decide.

What acts on files brings pandas and Great Expectations, seconds to import: so with the first act, not with the first page.
"""

from __future__ import annotations

from typing import Annotated

import psycopg
from fastapi import APIRouter, Depends, Form, HTTPException, Path
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from zaoxue.board.feeds import feed_names, rule_messages
from zaoxue.board.queries import submission as queries
from zaoxue.board.rendering import Page
from zaoxue.board.viewers import Viewer, engineers_only, may_download, sees
from zaoxue.submissions.nights import remember_recipient
from zaoxue.warehouse.database import connect

router = APIRouter()
SHOWN_LINES = 200
SubmissionId = Annotated[str, Path(pattern="^[0-9a-f]{16}$")]
Reason = Annotated[str, Form(min_length=2, max_length=500)]


@router.get("/submission/{submission_id}")
def submission(request: Request, submission_id: SubmissionId, done: str | None = None) -> Response:
    """Everything known about it."""
    return _show(Page(request), submission_id, done=done if done in ("release", "withdraw") else None)


@router.get("/submission/{submission_id}/receipt")
def receipt(request: Request, submission_id: SubmissionId) -> Response:
    """The workbook that goes back to its sender, marked; made again if it is gone."""
    from zaoxue.receipts.write import receipt_path, receipts_folder

    page = Page(request)
    with connect(page.settings) as connection:
        found = _find(connection, page.viewer, submission_id)
    if not may_download(page.viewer, found.organisation_code, found.district_code):
        raise HTTPException(403)
    path = receipt_path(page.settings, submission_id)
    folder = receipts_folder(page.settings).resolve()
    if path is None or not path.resolve().is_relative_to(folder) or not path.is_file():
        raise HTTPException(404)
    return FileResponse(path, filename=path.name, content_disposition_type="attachment")


@router.post("/submission/{submission_id}/release", dependencies=[Depends(engineers_only)])
def release(request: Request, submission_id: SubmissionId, reason: Reason) -> Response:
    """Let it load although a soft limit holds it, in the name of whoever asks."""
    from zaoxue.pipeline.acts import ActError
    from zaoxue.pipeline.release import release as act

    page = Page(request)
    try:
        done = act(page.settings, submission_id, reason.strip(), page.viewer.name)
    except ActError as error:
        return _show(page, submission_id, 409, error=str(error))
    _after(page, [done.submission_id, *done.became])
    return page.redirect(f"/submission/{next(iter(done.became), done.submission_id)}", done="release")


@router.post("/submission/{submission_id}/withdraw", dependencies=[Depends(engineers_only)])
def withdraw(request: Request, submission_id: SubmissionId, reason: Reason) -> Response:
    """Take back what it said, in the name of whoever asks."""
    from zaoxue.pipeline.acts import ActError
    from zaoxue.pipeline.withdraw import withdraw as act

    page = Page(request)
    try:
        done = act(page.settings, submission_id, reason.strip(), page.viewer.name)
    except ActError as error:
        return _show(page, submission_id, 409, error=str(error))
    _after(page, [done.submission_id])
    return page.redirect(f"/submission/{done.submission_id}", done="withdraw")


def _after(page: Page, submissions: list[str]) -> None:
    from zaoxue.receipts.write import make_receipts

    make_receipts(page.settings, "board")
    with connect(page.settings) as connection:
        for submission_id in dict.fromkeys(submissions):
            remember_recipient(connection, submission_id)


def _find(connection: psycopg.Connection, viewer: Viewer, submission_id: str) -> queries.Submission:
    found = queries.submission(connection, submission_id)
    if found is None:
        raise HTTPException(404 if viewer.is_engineer else 403)  # whether it exists is not for everybody to know
    if not sees(connection, viewer, found.place):
        raise HTTPException(403)
    return found


def _show(
    page: Page, submission_id: str, status: int = 200, *, error: str | None = None, done: str | None = None
) -> Response:
    with connect(page.settings) as connection:
        found = _find(connection, page.viewer, submission_id)
        return page.render(
            "submission.html",
            status,
            sent=found,
            gate=queries.gate_results(connection, submission_id),
            lines=queries.kept_out(connection, submission_id, SHOWN_LINES),
            by_rule=queries.kept_out_by_rule(connection, submission_id),
            acts=queries.acts(connection, submission_id),
            messages=rule_messages(page.settings, found.feed, page.language),
            feeds=feed_names(page.settings, page.language),
            may_download=may_download(page.viewer, found.organisation_code, found.district_code),
            error=error,
            done=done,
        )
