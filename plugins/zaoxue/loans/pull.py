"""Pull a bank's loans by cursor. A crash between pages loses nothing and repeats nothing."""

from __future__ import annotations

import time
from datetime import datetime
from pathlib import Path

import httpx

from zaoxue.loans.pages import store_page, stored_cursor

PAGE_LIMIT = 500
ATTEMPTS = 5
FIRST_PAUSE_SECONDS = 0.2
TIMEOUT_SECONDS = 20.0


class BankApiError(RuntimeError):
    """The bank's interface refused, failed again and again, or answered something that is no page of loans."""


def pull_loans(
    api_url: str,
    token: str,
    bank_code: str,
    into: Path,
    *,
    limit: int = PAGE_LIMIT,
    received_at: datetime | None = None,
) -> list[Path]:
    """Fetch every page that is not stored yet from GET {api_url}/loans and store it below into/<bank_code>/.

    Returns the new files, in order; none where the bank has nothing new. Server errors, 429 and broken connections are
    tried again up to ATTEMPTS times with growing pauses; any other refusal is final. `received_at` becomes the time of
    receipt of the files (their modification time) in place of the present one. Raises BankApiError; what was stored
    until then stays, and the next call goes on after it.
    """
    folder = into / bank_code
    new: list[Path] = []
    cursor = stored_cursor(folder)
    headers = {"Authorization": f"Bearer {token}"}
    with httpx.Client(base_url=api_url, headers=headers, timeout=TIMEOUT_SECONDS) as client:
        while True:
            response = _get(client, cursor, limit)
            items, following = _page(response)
            if not items:
                return new
            if following == cursor:
                raise BankApiError("the bank's interface gave the same cursor again")
            stored = store_page(folder, cursor, following, response.content, received_at)
            if stored:
                new.append(stored)
            if following is None:
                return new
            cursor = following


def _get(client: httpx.Client, cursor: str | None, limit: int) -> httpx.Response:
    parameters = {"limit": str(limit)} | ({"cursor": cursor} if cursor is not None else {})
    problem = ""
    for attempt in range(ATTEMPTS):
        if attempt:
            time.sleep(FIRST_PAUSE_SECONDS * 2 ** (attempt - 1))
        try:
            response = client.get("/loans", params=parameters)
        except httpx.TransportError as error:  # timeouts are among them
            problem = type(error).__name__
            continue
        if response.status_code == httpx.codes.OK:
            return response
        problem = f"HTTP {response.status_code}"
        if response.status_code < 500 and response.status_code != httpx.codes.TOO_MANY_REQUESTS:
            break
    raise BankApiError(f"GET /loans failed: {problem}")


def _page(response: httpx.Response) -> tuple[list[object], str | None]:
    """Items and next cursor of a page. The message names no value: a page holds identity numbers."""
    try:
        body = response.json()
        items, following = body["items"], body["next_cursor"]
    except (ValueError, KeyError, TypeError):
        raise BankApiError("the bank's answer is no page of loans") from None
    if not isinstance(items, list) or not (following is None or isinstance(following, str)):
        raise BankApiError("the bank's answer is no page of loans")
    return items, following
