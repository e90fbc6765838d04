"""Periods as text: 2026-05-31 (day), 2026W22 (ISO week), 2026-05 (month), 2026Q2 (quarter), 2026 (year)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

_FORMS = {
    "day": re.compile(r"^(\d{4})-(\d\d)-(\d\d)$"),
    "week": re.compile(r"^(\d{4})W(\d\d)$"),
    "month": re.compile(r"^(\d{4})-(\d\d)$"),
    "quarter": re.compile(r"^(\d{4})Q([1-4])$"),
    "year": re.compile(r"^(\d{4})$"),
}
FREQUENCIES = tuple(_FORMS)
_BEIJING = ZoneInfo("Asia/Shanghai")


def end_of_day(day: date) -> datetime:
    """The instant at which the night of a day is judged: midnight after it, Asia/Shanghai."""
    return datetime(day.year, day.month, day.day, tzinfo=_BEIJING) + timedelta(days=1)


def period_of(day: date, frequency: str) -> str:
    """The period of that frequency in which the day lies. Raises ValueError on an unknown frequency."""
    match frequency:
        case "day":
            return day.isoformat()
        case "week":
            year, week, _ = day.isocalendar()
            return f"{year}W{week:02d}"
        case "month":
            return f"{day.year}-{day.month:02d}"
        case "quarter":
            return f"{day.year}Q{(day.month + 2) // 3}"
        case "year":
            return str(day.year)
    raise ValueError(f"unknown frequency {frequency!r}")


def bounds(period: str) -> tuple[date, date]:
    """First and last day of a period. Raises ValueError where the text is not a period."""
    for frequency, form in _FORMS.items():
        found = form.match(period)
        if found:
            return _bounds(frequency, [int(part) for part in found.groups()])
    raise ValueError(f"{period!r} is not a period")


def periods_between(frequency: str, first: date, last: date) -> Iterator[str]:
    """Every period that has a day from `first` to `last`, in order."""
    day = first
    while day <= last:
        period = period_of(day, frequency)
        yield period
        day = bounds(period)[1] + timedelta(days=1)


def _bounds(frequency: str, parts: list[int]) -> tuple[date, date]:
    year = parts[0]
    match frequency:
        case "day":
            day = date(*parts)
            return day, day
        case "week":
            monday = date.fromisocalendar(year, parts[1], 1)
            return monday, monday + timedelta(days=6)
        case "month":
            return _months(year, parts[1], 1)
        case "quarter":
            return _months(year, 3 * parts[1] - 2, 3)
    return _months(year, 1, 12)


def _months(year: int, month: int, count: int) -> tuple[date, date]:
    after = month + count
    end = date(year + (after - 1) // 12, (after - 1) % 12 + 1, 1)
    return date(year, month, 1), end - timedelta(days=1)
