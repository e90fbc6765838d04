"""The board inside Airflow: its place in the navigation, and who somebody is who has logged in to Airflow.

The only module of the board that knows Airflow. Every Airflow process imports it with the other plugins, so that all else
is imported with the first request, in the API server alone.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from airflow.plugins_manager import AirflowPlugin

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, MutableMapping

    from fastapi import FastAPI
    from starlette.requests import Request

    from zaoxue.board import Account

    Message = MutableMapping[str, Any]

PREFIX = "/zaoxue"


async def account_of(request: Request) -> Account | None:
    """Whoever Airflow says has sent the request (cookie or bearer token), or None.

    An engineer is who may change Airflow's connections, asked of the auth manager, whichever it is: the roles Op and Admin
    in those Airflow comes with. Who may change where data comes from may as well see it.
    """
    from airflow.api_fastapi.app import get_auth_manager
    from airflow.api_fastapi.core_api.security import bearer_scheme, get_user
    from fastapi import HTTPException

    from zaoxue.board import Account

    try:
        user = await get_user(request, None, await bearer_scheme(request))
    except HTTPException:
        return None
    is_engineer = get_auth_manager().is_authorized_connection(method="PUT", user=user)
    return Account(user.get_name(), is_engineer)


def login_url(back: str) -> str:
    """Where to log in, to come back to a page of the board."""
    from airflow.api_fastapi.app import get_auth_manager

    return str(get_auth_manager().get_url_login(next_url=back))


class Board:
    """The application, made with the first request."""

    def __init__(self) -> None:
        self._app: FastAPI | None = None

    async def __call__(
        self, scope: Message, receive: Callable[[], Awaitable[Message]], send: Callable[[Message], Awaitable[None]]
    ) -> None:
        """ASGI."""
        if self._app is None:
            self._app = await asyncio.to_thread(_made)
        await self._app(scope, receive, send)


def _made() -> FastAPI:
    from zaoxue.board import make_board
    from zaoxue.settings import load_settings

    return make_board(load_settings(), account_of, login_url)


class ZaoxueBoardPlugin(AirflowPlugin):  # type: ignore[misc]  # Airflow's base is untyped
    """The board under PREFIX, and the way to it in Airflow's navigation."""

    name = "zaoxue_board"
    fastapi_apps = [{"app": Board(), "url_prefix": PREFIX, "name": "zaoxue board"}]  # noqa: RUF012 - as Airflow's base declares it
    external_views = [  # noqa: RUF012 - as Airflow's base declares it
        {
            "name": "造血看板",
            "href": PREFIX.lstrip("/") + "/",
            "destination": "nav",
            "url_route": "zaoxue",
            "nav_top_level": True,
        }
    ]
