"""How one clerk writes one ledger: format, header words, column order, titles, dates, file names."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zaoxue.contracts import Contract
from zaoxue.periods import bounds

# Columns a clerk may leave out although the template has them. What the facts are compared on stays.
_OMITTED = {
    "person": (
        "household_head_name",
        "stated_sex",
        "phone",
        "village",
        "address",
        "labour_ability",
        "school_status",
        "note",
    ),
    "placement": (
        "employer_kind",
        "internship_subsidy",
        "job_seeking_subsidy",
        "transport_subsidy",
        "work_address",
        "phone",
        "note",
    ),
    "training": (
        "training_address",
        "training_days",
        "certificate_no",
        "is_cooperation_programme",
        "living_allowance",
        "phone",
        "note",
    ),
    "follow_up": ("monthly_wage", "served_at", "phone", "note"),
    "target": ("area_name", "startup_training_target"),
    "loan": ("borrower_name",),
    "household": ("phone", "poverty_status", "note"),
    "assistance_plan": ("target_on", "contact_name", "note"),
    "referral": ("employer_name", "post_title", "phone", "note"),
    "dibao_exit": ("member_name", "approved_on", "note"),
    "vacancy": ("work_place", "note"),
    "subsidy": ("document_no", "note"),
    "site": ("area_name", "settlement", "is_cooperation_programme", "note"),
    "event": ("partners", "place", "settlement", "note"),
}
# strftime patterns; None is a real Excel date.
DATE_PATTERNS: tuple[str | None, ...] = ("%Y-%m-%d", "%Y/%-m/%-d", "%Y.%-m.%-d", "%Y年%-m月%-d日", "%Y%m%d", None)
_CHINESE_DIGITS = "〇一二三四五六七八九十"


@dataclass(frozen=True)
class Style:
    """The habits of one organisation with one feed; they stay the same from month to month.

    `columns` are contract names in the clerk's order, `headers` the words above them. `date_pattern` None writes real
    Excel dates. `title_rows` rows stand above the header (0 to 2). `period_in_name` False leaves the period to
    the title.
    """

    suffix: str
    encoding: str
    columns: tuple[str, ...]
    headers: tuple[str, ...]
    date_pattern: str | None
    title: str
    title_rows: int
    serial: bool
    totals: bool
    signature: bool
    sheet: str
    name_pattern: int
    period_in_name: bool
    lower_x: bool
    numbers_as_text: bool
    label_choice: int


def draw_style(rng: np.random.Generator, contract: Contract, present: list[str]) -> Style:
    """Draw the habits of one organisation. `present` lists the contract columns that the demo can fill."""
    feed = contract.feed
    xlsx = rng.random() < 0.6 if feed != "loan" else False
    suffix = "xlsx" if xlsx else "csv"
    encoding = "" if xlsx else str(rng.choice(["utf-8", "utf-8-sig", "gb18030"]))
    kept = [name for name in present if name not in _OMITTED.get(feed, ()) or rng.random() < 0.6]
    if rng.random() < 0.4:
        kept = _reordered(rng, kept)
    headers = tuple(
        str(rng.choice(contract.by_name[name].headers)) if rng.random() < 0.5 else contract.by_name[name].headers[0]
        for name in kept
    )
    pattern = DATE_PATTERNS[int(rng.integers(0, len(DATE_PATTERNS) if xlsx else len(DATE_PATTERNS) - 1))]
    title_rows = int(rng.choice([0, 1, 2], p=[0.4, 0.4, 0.2])) if feed != "loan" else 0
    title = str(rng.choice(contract.titles)) if rng.random() < 0.4 else contract.titles[0]
    return Style(
        suffix=suffix,
        encoding=encoding,
        columns=tuple(kept),
        headers=headers,
        date_pattern=pattern,
        title=title,
        title_rows=title_rows,
        serial=feed != "loan" and rng.random() < 0.35,
        totals=feed != "loan" and rng.random() < 0.35,
        signature=feed != "loan" and rng.random() < 0.3,
        sheet=str(rng.choice([contract.titles[0], "Sheet1"])),
        name_pattern=int(rng.integers(0, 4)),
        period_in_name=title_rows == 0 or feed == "target" or rng.random() < 0.75,
        lower_x=rng.random() < 0.06,
        numbers_as_text=not xlsx or rng.random() < 0.3,
        label_choice=int(rng.integers(0, 2)),
    )


def title_text(style: Style, place: str, period: str) -> str:
    """The title row, such as 柳桥镇2026年5月就业台账."""
    return f"{place}{_period_words(period)}{style.title}"


def file_name(style: Style, place: str, period: str, mark: str = "") -> str:
    """File name of a delivery; `mark` tells a corrected file, a copy or a nil report from the plain one."""
    words = _period_words(period)
    if not style.period_in_name:
        return f"{style.title}_第{_ordinal(period)}次{mark}.{style.suffix}"
    stem = (
        f"{style.title}_{words}",
        f"{words}{style.title}",
        f"{place}{style.title}{_period_digits(period)}",
        f"{style.title}（{words}）",
    )[style.name_pattern]
    return f"{stem}{mark}.{style.suffix}"


def _reordered(rng: np.random.Generator, names: list[str]) -> list[str]:
    """Another order: the name and the identity number stay in front, as in every ledger seen."""
    front = [name for name in names if name in ("name", "person_id", "area_code", "receipt_no")]
    rest = [name for name in names if name not in front]
    return front + [rest[index] for index in rng.permutation(len(rest)).tolist()]


def _period_words(period: str) -> str:
    if "Q" in period:
        return f"{period[:4]}年第{_CHINESE_DIGITS[int(period[-1])]}季度"
    if "-" in period:
        return f"{period[:4]}年{int(period[5:7])}月"
    return f"{period}年"


def _period_digits(period: str) -> str:
    return period if "Q" in period or "-" not in period else period.replace("-", "")


def _ordinal(period: str) -> str:
    """Number of the period within its year, in Chinese: a name without any digit of a date."""
    month = bounds(period)[1].month
    return _CHINESE_DIGITS[int(period[-1])] if "Q" in period else _CHINESE_DIGITS[min(month, 10)]
