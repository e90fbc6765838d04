"""The stretch of time a claim speaks of, as far as the article says."""

from __future__ import annotations

import calendar
import re
from datetime import date

from zaoxue.news.quantities import read_number

Period = tuple[date | None, date | None]
_YEAR = r"(?P<year>(?:19|20)\d\d)年"
_SINCE = re.compile(rf"{_YEAR}(?:(?P<month>\d{{1,2}})月)?(?:以来|至今|起|开始|到现在)")
_UNTIL = re.compile(
    r"截[至止](?:到)?(?:(?P<year>(?:19|20)\d\d)年|(?P<rel>今年|去年))?(?:(?P<month>\d{1,2})月)?(?:(?P<day>\d{1,2})日|(?P<end>底|末))?"
)
_RANGE = re.compile(rf"(?:{_YEAR}|(?P<rel>今年|去年))?(?P<first>\d{{1,2}})\s?[-—至到]\s?(?P<last>\d{{1,2}})月")
_DAY = re.compile(rf"(?:{_YEAR}|(?P<rel>今年|去年))?(?P<month>\d{{1,2}})月(?P<day>\d{{1,2}})日")
_MONTH = re.compile(rf"(?:{_YEAR}|(?P<rel>今年|去年))?(?P<month>\d{{1,2}})月(?!\d)")
_WHOLE = re.compile(rf"{_YEAR}")
_HALF = re.compile(r"上半年|一季度|二季度|三季度|四季度|前三季度|下半年")
_HALVES = {
    "上半年": (1, 6),
    "一季度": (1, 3),
    "二季度": (4, 6),
    "三季度": (7, 9),
    "四季度": (10, 12),
    "前三季度": (1, 9),
    "下半年": (7, 12),
}


def _last_day(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def _year(match: re.Match[str], published: date | None, month: int | None = None) -> int | None:
    groups = match.groupdict()
    if groups.get("year"):
        return int(groups["year"])
    if published is None:
        return None
    if groups.get("rel") == "去年":
        return published.year - 1
    # 5月底 in an article of March is last year's.
    return published.year - 1 if not groups.get("rel") and month and month > published.month else published.year


def find_period(words: str, published: date | None, context_year: int | None = None) -> Period:
    """(start, end) of the period that `words` (the sentence up to the figure) name; None where they leave it open.

    `context_year` is the year of the story where the sentence names none. A period never ends after publication
    unless it is a plan.
    """
    if published is None and context_year:
        published = date(context_year, 12, 31)
    try:
        return _find(words, published)
    except ValueError:  # 2月30日 in the article
        return None, None


def _find(words: str, published: date | None) -> Period:
    since = _SINCE.search(words)
    if since:
        return date(int(since["year"]), int(since["month"] or 1), 1), published
    until = _UNTIL.search(words)
    if until and until["month"]:
        month = int(until["month"])
        year = _year(until, published, month)
        if year is None or not 1 <= month <= 12:
            return None, None
        return None, date(year, month, int(until["day"])) if until["day"] else _last_day(year, month)
    span = _RANGE.search(words)
    if span:
        year = _year(span, published)
        if year and 1 <= int(span["first"]) <= int(span["last"]) <= 12:
            return date(year, int(span["first"]), 1), _last_day(year, int(span["last"]))
    half = _HALF.search(words)
    if half and published:
        whole = _WHOLE.search(words)
        year = int(whole["year"]) if whole else published.year - ("去年" in words)
        first, last = _HALVES[half[0]]
        return date(year, first, 1), _last_day(year, last)
    day = _DAY.search(words)
    if day and (year := _year(day, published, int(day["month"]))):
        one = date(year, int(day["month"]), int(day["day"]))
        return one, one
    month_only = _MONTH.search(words)
    if month_only and 1 <= int(month_only["month"]) <= 12:
        month = int(month_only["month"])
        found = _year(month_only, published, month)
        if found:
            return date(found, month, 1), _last_day(found, month)
    return _relative(words, published)


def _relative(words: str, published: date | None) -> Period:
    whole = _WHOLE.search(words)
    if whole:
        year = int(whole["year"])
        return date(year, 1, 1), date(year, 12, 31)
    if published is None:
        return None, None
    coming = re.search(r"未来(\d|[一二三四五])年|今明两年", words)
    if coming:
        number = read_number(coming[1]) if coming[1] else None
        years = int(number.value) if number and number.value else 2
        return date(published.year, 1, 1), date(published.year + years - 1, 12, 31)
    if re.search(r"今年以来|年初以来|今年(?!全年|将|计划|力争)", words):
        return date(published.year, 1, 1), published
    if re.search(r"今年|全年|年度", words):
        return date(published.year, 1, 1), date(published.year, 12, 31)
    if "去年" in words:
        return date(published.year - 1, 1, 1), date(published.year - 1, 12, 31)
    if "明年" in words:
        return date(published.year + 1, 1, 1), date(published.year + 1, 12, 31)
    if re.search(r"目前|截[至止]|至今|现有|已", words):
        return None, published
    return None, None
