"""The application: the guard in front of everything, and the pages behind it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.staticfiles import StaticFiles

from zaoxue.board.pages import claims, district, outcomes, overview, review, submission
from zaoxue.board.rendering import LANGUAGE_COOKIE, LANGUAGES, Page
from zaoxue.board.viewers import Account, viewer_of
from zaoxue.settings import Settings

Identify = Callable[[Request], Awaitable[Account | None]]
_HEADERS = {
    # No script, nothing from elsewhere, shown in frames of its own origin alone.
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self';"
    " frame-ancestors 'self'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}
_UNAVAILABLE = (
    psycopg.OperationalError,
    psycopg.errors.UndefinedTable,
    psycopg.errors.UndefinedFunction,
    psycopg.errors.InvalidSchemaName,
)


def make_board(settings: Settings, identify: Identify, login_url: Callable[[str], str]) -> FastAPI:
    """The board as an application to mount under any prefix.

    `identify`: who has logged in, or None. `login_url`: where to log in to come back to an address. Whatever is asked
    for, a page, a download, a style sheet or what does not exist: 401 for nobody, 403 for whom nothing is shown.
    """
    app = FastAPI(title="Zaoxue", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.settings = settings
    for page in (overview, district, submission, outcomes, claims, review):
        app.include_router(page.router)
    app.mount("/static", StaticFiles(directory=Path(__file__).with_name("static")), name="static")

    @app.middleware("http")
    async def guard(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
        try:
            response = await _refusal(request) or await call_next(request)
        except _UNAVAILABLE:
            response = Page(request).render(
                "message.html", 503, title="unavailable", text="unavailable_text", link=None
            )
        response.headers.update(_HEADERS)
        if request.query_params.get("lang") in LANGUAGES:
            response.set_cookie(
                LANGUAGE_COOKIE,
                request.query_params["lang"],
                path=request.scope.get("root_path") or "/",
                samesite="lax",
                httponly=True,
            )
        return response

    async def _refusal(request: Request) -> Response | None:
        account = await identify(request)
        page = Page(request)
        if account is None:
            back = str(request.url.path) + (f"?{request.url.query}" if request.url.query else "")
            return page.render("message.html", 401, title="log_in", text="log_in_text", link=login_url(back))
        viewer = await run_in_threadpool(viewer_of, settings, account)
        if viewer is None:
            return page.render("message.html", 403, title="refused", text="no_organisation", link=None)
        request.state.viewer = viewer
        if request.method not in ("GET", "HEAD") and not is_same_origin(request):
            return page.render("message.html", 403, title="refused", text="other_origin", link=None)
        return None

    @app.exception_handler(HTTPException)
    async def refused(request: Request, error: HTTPException) -> Response:
        title, text = {403: ("refused", "not_yours"), 404: ("not_found", "not_found_text")}.get(
            error.status_code, ("mistake", "mistake_text")
        )
        return Page(request).render("message.html", error.status_code, title=title, text=text, link=None)

    @app.exception_handler(RequestValidationError)
    async def misread(request: Request, _: RequestValidationError) -> Response:
        return Page(request).render("message.html", 400, title="mistake", text="mistake_text", link=None)

    return app


def is_same_origin(request: Request) -> bool:
    """Whether a form was sent from a page of this site, as every browser says in a header that no page can forge.

    `Sec-Fetch-Site` where the browser sends it (all of today's, over https and on this machine), else `Origin`, which must
    name the host that was asked. A request with neither is refused.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("origin")
    return origin is not None and urlsplit(origin).netloc == request.headers.get("host")
