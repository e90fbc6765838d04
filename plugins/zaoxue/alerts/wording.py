"""The words of a message, from the templates beside this module: Chinese first, then English."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from zaoxue.alerts.digest import Change, Digest
from zaoxue.periods import bounds

_BEIJING = ZoneInfo("Asia/Shanghai")
_LONGEST_REASON = 200  # characters; the receipt has it in full


@dataclass(frozen=True)
class Message:
    """What goes out: plain text, no personal data."""

    subject: str
    body: str


@dataclass(frozen=True)
class Line:
    """One line of a section: a ledger, a period, the organisations it is about, since when, why, whom to call there."""

    title: str
    feed: str
    period: str
    period_zh: str
    due: str
    since: str
    organisations: tuple[str, ...]
    reason_zh: str
    reason_en: str
    contact: str


class Wording:
    """Renders digests. `titles`: feed -> Chinese title of its ledger, from the contracts; `call`: whom to call where the
    registry names nobody."""

    def __init__(self, titles: Mapping[str, str], call: str = "") -> None:
        self._titles = titles
        self._call = call

    def message(self, digest: Digest, at: datetime) -> Message:
        """Subject and body of a digest, as judged at an instant."""
        # By the state each is in now, and each once: what is missing and rejected is missing, as in every other figure.
        of_kind: dict[str, list[Change]] = {}
        for change in digest.changes:
            of_kind.setdefault(change.kind, []).append(change)
        overdue = [c for kind in ("missing", "rejected") for c in of_kind.get(kind, []) if c.state == "missing"]
        missing = list({(c.organisation_code, c.feed, c.period): c for c in overdue}.values())
        told = {
            "escalated": of_kind.get("escalated", []),
            "missing": [c for c in missing if c.reason != "rejected"],
            "missing_rejected": [c for c in missing if c.reason == "rejected"],
            "rejected": [c for c in of_kind.get("rejected", []) if c.state != "missing"],
            "reminder": of_kind.get("reminder", []),
            "mended": [*of_kind.get("mended", []), *of_kind.get("relieved", [])],
        }
        words = {
            "recipient": digest.recipient_name,
            "code": digest.recipient,
            "at": clock(at),
            "sections": {name: self._lines(changes) for name, changes in told.items()},
            "counts": {name: len(changes) for name, changes in told.items()},
            "call": digest.call or self._call,
            "reference": digest.alert_key[:12],
        }
        return Message(render("subject.txt", words).strip(), render("digest.txt", words).strip() + "\n")

    def _lines(self, changes: Iterable[Change]) -> list[Line]:
        def place(c: Change) -> tuple[str, str, datetime, str, str, str, str]:
            since = clock(c.since) if c.since else ""
            return c.feed, c.period, c.due_at, since, _short(c.reason_zh), _short(c.reason_en), c.contact or ""

        return [
            Line(
                self._titles.get(feed, feed),
                feed.replace("_", " "),
                period,
                period_in_chinese(period),
                clock(due_at),
                since,
                tuple(f"{c.district_name or ''}{c.organisation_name}" for c in group),
                zh,
                en,
                contact,
            )
            for (feed, period, due_at, since, zh, en, contact), group in groupby(sorted(changes, key=place), key=place)
        ]


def render(template: str, words: Mapping[str, Any]) -> str:
    """A template of the folder `templates` with these words; a word that is not given is an error."""
    return _templates().get_template(template).render(words)


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(Path(__file__).with_name("templates")),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701 - plain text, never HTML
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _short(reason: str | None) -> str:
    """A reason of one line, cut where it would fill the message."""
    text = " ".join((reason or "").split())
    return text if len(text) <= _LONGEST_REASON else text[: _LONGEST_REASON - 1] + "…"


def period_in_chinese(period: str) -> str:
    """2026-05 -> 2026年5月, 2026Q1 -> 2026年第1季度, 2026 -> 2026年. Raises ValueError where it is no period."""
    first, last = bounds(period)
    if "W" in period:
        return f"{period[:4]}年第{int(period[5:])}周"
    if "Q" in period:
        return f"{first.year}年第{period[-1]}季度"
    if first == last:
        return f"{first.year}年{first.month}月{first.day}日"
    return f"{first.year}年{first.month}月" if "-" in period else f"{first.year}年"


def clock(instant: datetime) -> str:
    """Beijing time to the minute; midnight is 24:00 of the day it ends, which is the night that was judged."""
    local = instant.astimezone(_BEIJING)
    if (local.hour, local.minute) == (0, 0):
        return f"{(local - timedelta(days=1)):%Y-%m-%d} 24:00"
    return f"{local:%Y-%m-%d %H:%M}"
