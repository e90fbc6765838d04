"""The words of a message, from the templates beside this module: Chinese first, then English."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from pathlib import Path
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from zaoxue.alerts.digest import Change, Digest
from zaoxue.periods import bounds

_BEIJING = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class Message:
    """What goes out: plain text, no personal data."""

    subject: str
    body: str


@dataclass(frozen=True)
class Line:
    """One line of a section: a ledger, a period, and the organisations it is about."""

    title: str
    feed: str
    period: str
    period_zh: str
    due: str
    organisations: tuple[str, ...]


class Wording:
    """Renders digests. `titles`: feed -> Chinese title of its ledger, from the contracts."""

    def __init__(self, titles: Mapping[str, str]) -> None:
        self._titles = titles
        self._templates = Environment(
            loader=FileSystemLoader(Path(__file__).with_name("templates")),
            undefined=StrictUndefined,
            autoescape=False,  # noqa: S701 - plain text, never HTML
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def message(self, digest: Digest, at: datetime) -> Message:
        """Subject and body of a digest, as judged at an instant."""
        # By the state each is in now, and each once: what is missing and rejected is missing, as in every other figure.
        overdue = [c for c in digest.changes if c.state == "missing"]
        missing = list({(c.organisation_code, c.feed, c.period): c for c in overdue}.values())
        missing_rejected = [c for c in missing if c.reason == "rejected"]
        rejected = [c for c in digest.changes if c.kind == "rejected" and c.state != "missing"]
        mended = [c for c in digest.changes if c.kind == "mended"]
        words = {
            "recipient": digest.recipient_name,
            "code": digest.recipient,
            "at": _clock(at),
            "missing": self._lines([c for c in missing if c.reason != "rejected"]),
            "missing_rejected": self._lines(missing_rejected),
            "rejected": self._lines(rejected),
            "mended": self._lines(mended),
            "missing_count": len(missing),
            "missing_rejected_count": len(missing_rejected),
            "rejected_count": len(rejected),
            "mended_count": len(mended),
            "reference": digest.alert_key[:12],
        }
        return Message(
            self._templates.get_template("subject.txt").render(words).strip(),
            self._templates.get_template("digest.txt").render(words).strip() + "\n",
        )

    def _lines(self, changes: list[Change]) -> list[Line]:
        def place(change: Change) -> tuple[str, str, datetime]:
            return change.feed, change.period, change.due_at

        return [
            Line(
                self._titles.get(feed, feed),
                feed.replace("_", " "),
                period,
                period_in_chinese(period),
                _clock(due_at),
                tuple(c.organisation_name for c in group),
            )
            for (feed, period, due_at), group in groupby(sorted(changes, key=place), key=place)
        ]


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


def _clock(instant: datetime) -> str:
    """Beijing time to the minute; midnight is 24:00 of the day it ends, which is the night that was judged."""
    local = instant.astimezone(_BEIJING)
    if (local.hour, local.minute) == (0, 0):
        return f"{(local - timedelta(days=1)):%Y-%m-%d} 24:00"
    return f"{local:%Y-%m-%d %H:%M}"
