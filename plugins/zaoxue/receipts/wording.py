"""The words of a receipt: a short text, and the lines of the summary sheet. Chinese first, then English."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from zaoxue.alerts.wording import period_in_chinese
from zaoxue.receipts.facts import FileFacts, Mark, Told

_BEIJING = ZoneInfo("Asia/Shanghai")
_FIRST_ROWS = 10
_VERDICT_ZH = {
    "rejected": "退回，未入库，请更正后重新报送",
    "received": "已收到，暂未入库：待上级核实后入库；如有误，请更正后重新报送",
    "stale": "已收到并登记，不覆盖现有数据",
    "duplicate": "与此前收到的文件相同，无须再报",
    "superseded": "已收到，其后又收到更新的版本，以新版本为准",
    "withdrawn": "已撤回，不再计入；如需报送，请重新报送",
}
_VERDICT_EN = {
    "rejected": "returned, nothing was loaded; correct it and send it again",
    "received": "received, waiting for a person to confirm it; correct it and send it again if it is wrong",
    "stale": "received and registered, it changes nothing",
    "duplicate": "the same as a file received before; nothing to do",
    "superseded": "received; a newer version came after it and stands",
    "withdrawn": "withdrawn, it no longer counts; send it again if it should",
}


@dataclass(frozen=True)
class Cause:
    """One rule: what is wrong, in how many rows, and where the first of them are."""

    message: str
    rows: int
    where: str


def text(facts: FileFacts) -> str:
    """The whole receipt as plain text, for files in which no cell is marked."""
    name = facts.uri.rsplit("/", 1)[-1]
    zh = [verdict_zh(told) for told in facts.told]
    en = [verdict_en(told) for told in facts.told]
    for told in facts.told:
        zh += [f"提示（不影响入库）：{message}（{rows} 行）" for message, _, rows in told.remarks]
        en += [f"Please check (it was loaded): {message} ({rows} rows)" for _, message, rows in told.remarks]
    references = "、".join(told.submission_id for told in facts.told)
    lines = [
        "回执",
        f"文件：{name}",
        f"收到：{_when(facts)}",
        "",
        *zh,
        "",
        "Receipt",
        *en,
        "",
        f"编号 Reference: {references}",
    ]
    return "\r\n".join(lines) + "\r\n"


def verdict_zh(told: Told) -> str:
    """One sentence: what became of one ledger of the file."""
    what = _what_zh(told)
    reason = f"：{told.reason_zh}" if told.reason_zh else ""
    if told.state not in ("accepted", "accepted_with_rejects"):
        return f"{what}{_VERDICT_ZH[told.state]}{reason}"
    if told.is_nil:
        return f"收到零报告，{what}谢谢{reason}"
    kept_out = f"；另有 {told.rows_quarantined} 行有误未入库，请改正后重新报送" if told.rows_quarantined else ""
    return f"收到，{told.rows_accepted} 行，{what}谢谢{kept_out}{f'。注意{reason}' if reason else ''}"


def verdict_en(told: Told) -> str:
    """The same in English."""
    what = " ".join(part for part in (told.feed and told.feed.replace("_", " "), told.period) if part)
    what = f"{what}: " if what else ""
    reason = f". {told.reason_en}" if told.reason_en else ""
    if told.state not in ("accepted", "accepted_with_rejects"):
        return f"{what}{_VERDICT_EN[told.state]}{reason}"
    if told.is_nil:
        return f"{what}nil report received, thank you{reason}"
    kept_out = (
        f"; {told.rows_quarantined} rows have errors and were not loaded, correct and resend them"
        if told.rows_quarantined
        else ""
    )
    return f"{what}received, {told.rows_accepted} rows, thank you{kept_out}{reason}"


def headline(facts: FileFacts) -> list[str]:
    """Lines above the table of the summary sheet."""
    name = facts.uri.rsplit("/", 1)[-1]
    return [
        f"{name}　收到 received {_when(facts)}",
        *(f"{verdict_zh(told)}\n{verdict_en(told)}" for told in facts.told),
        "标红的单元格有误，原因见批注。改正后把本文件放回收件目录即可，本页不会被读取。\n"
        "Cells in red are wrong, their notes say why. Mend them and put this file into the inbox; this sheet is not read.",
    ]


def causes(facts: FileFacts) -> list[Cause]:
    """What is wrong by rule, most rows first."""
    by_rule: dict[tuple[str, str], list[Mark]] = {}
    for mark in facts.marks:
        by_rule.setdefault((mark.message_zh, mark.message_en), []).append(mark)
    found = [
        Cause(f"{zh}\n{en}", len({(m.sheet, m.row) for m in marks}), _where(marks))
        for (zh, en), marks in by_rule.items()
    ]
    return sorted(found, key=lambda cause: (-cause.rows, cause.message))


def remarks(facts: FileFacts) -> list[Cause]:
    """What should be checked though it was loaded."""
    return [Cause(f"{zh}\n{en}", rows, "") for told in facts.told for zh, en, rows in told.remarks]


def note(marks: list[Mark]) -> str:
    """Text of a cell's comment."""
    return "\n".join(f"{mark.message_zh}\n{mark.message_en}" for mark in marks)


def _where(marks: list[Mark]) -> str:
    places = list(dict.fromkeys((mark.sheet, mark.row) for mark in marks))
    sheets = dict.fromkeys(sheet for sheet, _ in places[:_FIRST_ROWS])
    parts = []
    for sheet in sheets:
        rows = "、".join(str(row) for s, row in places[:_FIRST_ROWS] if s == sheet)
        parts.append(f"{'' if sheet == 'CSV' else sheet + '：'}第 {rows} 行")
    return "；".join(parts) + (" …" if len(places) > _FIRST_ROWS else "")


def _what_zh(told: Told) -> str:
    period = f"期间 {_period_zh(told.period)}，" if told.period else ""
    return (f"{told.title}，" if told.title else "") + period


def _period_zh(period: str) -> str:
    try:
        return period_in_chinese(period)
    except ValueError:
        return period


def _when(facts: FileFacts) -> str:
    return facts.received_at.astimezone(_BEIJING).strftime("%Y-%m-%d %H:%M")
