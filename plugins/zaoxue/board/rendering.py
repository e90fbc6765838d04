"""Templates, words in two languages, and addresses: what every page is made of."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote, urlencode
from zoneinfo import ZoneInfo

import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse

from zaoxue.board.viewers import Viewer
from zaoxue.settings import Settings

LANGUAGES = ("zh", "en")
LANGUAGE_COOKIE = "zaoxue_lang"
_HERE = Path(__file__).parent
BEIJING = ZoneInfo("Asia/Shanghai")


@cache
def words() -> Mapping[str, tuple[str, str]]:
    """Every phrase of the board by its key, Chinese and English."""
    text = yaml.safe_load((_HERE / "wording.yaml").read_text(encoding="utf-8"))
    return {str(key): (str(both[0]), str(both[1])) for key, both in text.items()}


@cache
def _templates() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"when": _when, "count": _count, "percent": _percent}
    return environment


def language_of(request: Request) -> str:
    """The language asked for by the address, else by the cookie, else by the browser, else Chinese."""
    asked = request.query_params.get("lang") or request.cookies.get(LANGUAGE_COOKIE)
    if asked in LANGUAGES:
        return asked
    preferred = request.headers.get("accept-language", "").strip().lower()
    return "en" if preferred.startswith("en") else "zh"


class Page:
    """One request of one viewer, and the answers to it."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.language = language_of(request)

    @property
    def settings(self) -> Settings:
        """Of the installation."""
        return cast(Settings, self.request.app.state.settings)

    @property
    def viewer(self) -> Viewer:
        """Who asks; the guard has let nobody else pass."""
        return cast(Viewer, self.request.state.viewer)

    def say(self, key: str, **values: object) -> str:
        """A phrase in the viewer's language; {names} in it are filled in."""
        phrase = words()[key][LANGUAGES.index(self.language)]
        return phrase.format(**values) if values else phrase

    def both(self, key: str) -> tuple[str, str]:
        """A phrase in Chinese and in English, for whom the language does not matter yet."""
        return words()[key]

    def one_of(self, zh: str | None, en: str | None) -> str:
        """Whichever of two texts is in the viewer's language."""
        return (zh if self.language == "zh" else en) or ""

    def url(self, path: str, **query: object) -> str:
        """Address of a page of the board, wherever it is mounted; empty values of the query are left out."""
        given = {name: str(value) for name, value in query.items() if value not in (None, "")}
        root = str(self.request.scope.get("root_path", ""))
        return f"{root}{quote(path)}{'?' + urlencode(given) if given else ''}"

    def again(self, **query: object) -> str:
        """Address of this page with some of its query changed."""
        return self.url(self._path(), **{**self.request.query_params, **query})

    def render(self, template: str, status: int = 200, **context: Any) -> HTMLResponse:
        """A page from its template, which knows `page`, `say`, `url` and the context."""
        html = (
            _templates()
            .get_template(template)
            .render(
                page=self, say=self.say, url=self.url, viewer=getattr(self.request.state, "viewer", None), **context
            )
        )
        return HTMLResponse(html, status)

    def redirect(self, path: str, **query: object) -> RedirectResponse:
        """To another page after a form has been acted on, so that reloading it does nothing twice."""
        return RedirectResponse(self.url(path, **query), 303)

    def _path(self) -> str:
        path: str = self.request.url.path
        return path.removeprefix(str(self.request.scope.get("root_path", ""))) or "/"


def _when(instant: date | datetime | None) -> str:
    if instant is None:
        return "–"
    if isinstance(instant, datetime):
        return instant.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M")
    return instant.isoformat()


def _count(number: int | Decimal | float | None) -> str:
    return "–" if number is None else f"{number:,.10g}" if isinstance(number, float) else f"{number:,}"


def _percent(share: float | Decimal | None) -> str:
    return "–" if share is None else f"{100 * share:.1f} %"
