"""Due times of the demo: the n-th working day of China's calendar after a period, make-up workdays included."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import chinese_calendar

from zaoxue.periods import bounds

SHANGHAI = ZoneInfo("Asia/Shanghai")


def due_days(period: str, sla: dict[str, Any]) -> list[date]:
    """The working days from the first on which the file may be sent to the one on which it is due, in order."""
    first, last = bounds(period)
    day = first if sla.get("dueIn") == "current" else last + timedelta(days=1)
    found: list[date] = []
    while len(found) < int(sla["dueWorkingDay"]):
        if _is_workday(day):
            found.append(day)
        day += timedelta(days=1)
    return found


def due_at(period: str, sla: dict[str, Any]) -> datetime:
    """Instant at which the file is due, Asia/Shanghai."""
    hour, minute = str(sla["dueTime"]).split(":")
    return datetime.combine(due_days(period, sla)[-1], time(int(hour), int(minute)), SHANGHAI)


def _is_workday(day: date) -> bool:
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:  # past the end of its table of holidays
        return day.weekday() < 5
