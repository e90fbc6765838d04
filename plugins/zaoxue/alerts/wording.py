"""The words of a message, from the templates beside this module: Chinese first, then English."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
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
        self._templates = Environment(  # plain text, never HTML
            loader=FileSystemLoader(Path(__file__).with_name("templates")), undefined=StrictUndefined,
            autoescape=False, trim_blocks=True, lstrip_blocks=True)  # noqa: S701

    def message(self, digest: Digest, at: datetime) -> Message:
        """Subject and body of a digest, as judged at an instant."""
        rejected = {_obligation(c) for c in digest.changes if c.kind == "rejected"}
        # What is both missing and rejected in one run is said once, under rejected.
        missing = [c for c in digest.changes if c.kind == "missing" and _obligation(c) not in rejected]
        words = {
            "recipient": digest.recipient_name,
            "code": digest.recipient,
            "at": at.astimezone(_BEIJING).strftime("%Y-%m-%d %H:%M"),
            "missing": self._lines([c for c in missing if c.reason != "rejected"]),
            "missing_rejected": self._lines([c for c in missing if c.reason == "rejected"]),
            "rejected": self._lines([c for c in digest.changes if c.kind == "rejected"]),
            "mended": self._lines([c for c in digest.changes if c.kind == "mended"]),
            "missing_count": len(missing),
            "rejected_count": len(rejected),
            "mended_count": sum(c.kind == "mended" for c in digest.changes),
            "reference": digest.alert_key[:12],
        }
        return Message(self._templates.get_template("subject.txt").render(words).strip(),
                       self._templates.get_template("digest.txt").render(words).strip() + "\n")

    def _lines(self, changes: list[Change]) -> list[Line]:
        def place(change: Change) -> tuple[str, str, datetime]:
            return change.feed, change.period, change.due_at

        return [
            Line(self._titles.get(feed, feed), feed.replace("_", " "), period, period_in_chinese(period),
                 due_at.astimezone(_BEIJING).strftime("%Y-%m-%d %H:%M"), tuple(c.organisation_name for c in group))
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


def _obligation(change: Change) -> tuple[str, str, str]:
    return change.organisation_code, change.feed, change.period
