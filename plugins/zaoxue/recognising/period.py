"""Which period a file is for: by its folders, its name, its sheet or the title above its header."""

from __future__ import annotations

import re

from zaoxue.contracts import Contract
from zaoxue.normalising.text import clean_word
from zaoxue.recognising.feed import RefusedSheetError

_CHINESE_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_CHINESE_YEAR = re.compile(r"[二][〇○零][〇○零一二三四五六七八九]{2}(?=年)")
_CHINESE_MONTH = re.compile(r"(?<=年)(十[一二]?|[一二三四五六七八九])(?=月)")
_MONTH_WORDS = {"十": "10", "十一": "11", "十二": "12"}
_QUARTERS = {"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_QUARTER = re.compile(r"(?<!\d)(20\d{2})年?(?:第?([一二三四1-4])季度|Q([1-4]))")
_MONTH = re.compile(
    r"(?<!\d)(20\d{2})(?:年|[-._/]|(?=\d{2}(?!\d)))(0?[1-9]|1[0-2])(?:月|(?!\d))(?!\d{1,2}[日号]|[-._/]\d)"
)
_SPAN = re.compile(r"(?<!\d)(20\d{2})年(0?[1-9]|1[0-2])月?(?:份)?(?:至|到|—|-|~|－)+(?:\1年)?(0?[1-9]|1[0-2])月")
_DAY = re.compile(
    r"(?<!\d)(20\d{2})(?:年|[-._/])?(0[1-9]|1[0-2]|[1-9])(?:月|[-._/])?(0[1-9]|[12]\d|3[01]|[1-9])(?!\d)[日号]?"
)
# A date with one of these words before it is the day the sheet was filled in, not what it speaks of.
_FILLED_IN = re.compile(
    r"(?:填报|填表|填写|报送|上报|制表|打印|导出|更新|签字|盖章|送报|报表)(?:日期|时间)?[:]?(?:20\d{2}[-年./]?\d{1,2}[-月./]?(?:\d{1,2}[日号]?)?)?"
)
_YEAR = re.compile(r"(?<!\d)(20\d{2})(?:年|(?!\d))")
_EXAMPLES = {"month": "2026年5月", "quarter": "2026年第一季度", "year": "2026年"}
_SOURCES_EN = {"文件夹": "folder", "文件名": "file name", "标题": "title", "工作表名": "sheet name"}


def find_period(contract: Contract, file_name: str, title: str, folders: tuple[str, ...] = (), sheet: str = "") -> str:
    """The period as text (zaoxue.periods) in the contract's frequency. File name, title and folders must not disagree;
    the sheet's name is asked last.

    Raises RefusedSheetError where none names one, or where they name different ones.
    """
    frequency = contract.frequency or "month"
    named: dict[str, str] = {}
    folder = next((f for f in reversed(folders) if _in_text(f, frequency, contract)), "")
    for source, text in (("文件夹", folder), ("文件名", file_name), ("标题", title)):
        periods = _in_text(text, frequency, contract)
        if len(periods) > 1:
            raise _doubtful({f"{source}（{n}）": p for n, p in enumerate(sorted(periods), 1)}, contract)
        if periods:
            named[source] = periods.pop()
    if not named:
        periods = _in_text(sheet, frequency, contract)
        if len(periods) > 1:
            raise _doubtful({f"工作表名（{n}）": p for n, p in enumerate(sorted(periods), 1)}, contract)
        named = dict.fromkeys(["工作表名"] if periods else [], min(periods, default=""))
    if not named:
        example = _EXAMPLES.get(frequency, "2026-05-31")
        raise RefusedSheetError(
            f"{contract.title}没有写明期间，请在文件名或标题中写明，如“{example}”",
            f"{contract.feed}: no period in the file name or the title; write one, as in {example}",
        )
    if len(set(named.values())) > 1:
        raise _doubtful(named, contract)
    return next(iter(named.values()))


def _doubtful(named: dict[str, str], contract: Contract) -> RefusedSheetError:
    seen = "，".join(f"{source}写的是{period}" for source, period in named.items())
    seen_en = ", ".join(
        f"the {_SOURCES_EN.get(source.partition('（')[0], source)} says {period}" for source, period in named.items()
    )
    return RefusedSheetError(
        f"{contract.title}的期间不一致：{seen}。请改为一致后再报送",
        f"{contract.feed}: the periods differ: {seen_en}; make them agree and resend",
    )


def _in_text(text: str, frequency: str, contract: Contract) -> set[str]:
    """Periods a text names. The day a sheet was filled in is none; a whole date counts where nothing shorter does."""
    word = _arabic(clean_word(text))
    word = _FILLED_IN.sub("|", word)
    if frequency == "year":
        return {year[1] for year in _YEAR.finditer(word)}
    if frequency == "quarter":
        quarters = {f"{q[1]}Q{_QUARTERS[q[2] or q[3]]}" for q in _QUARTER.finditer(word)}
        return quarters or {f"{year}Q{(month + 2) // 3}" for year, month in _months(word, contract)}
    if frequency == "month":
        return {f"{year}-{month:02d}" for year, month in _months(word, contract)}
    return set()


def _months(word: str, contract: Contract) -> set[tuple[str, int]]:
    # 2026年1月至5月 of a ledger to date is what stood at the end of May
    end_only = contract.scope == "cumulative"
    word = _SPAN.sub(r"\1年\3月" if end_only else r"\1年\2月|\1年\3月", word)
    months = {(m[1], int(m[2])) for m in _MONTH.finditer(word)}
    return months or {(d[1], int(d[2])) for d in _DAY.finditer(word)}


def _arabic(word: str) -> str:
    """二〇二六年五月 as 2026年5月."""
    word = _CHINESE_YEAR.sub(lambda m: m[0].translate(_CHINESE_DIGITS), word)
    return _CHINESE_MONTH.sub(lambda m: _MONTH_WORDS.get(m[0], m[0].translate(_CHINESE_DIGITS)), word)
