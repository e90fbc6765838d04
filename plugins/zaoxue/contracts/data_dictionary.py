"""The data dictionary page, Chinese and English, derived from the contracts.

`python -m zaoxue.contracts.data_dictionary` writes docs/data_dictionary.md again after a contract has changed; a test
compares the two.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from zaoxue.contracts.dbt_sources import labels_of_codes
from zaoxue.contracts.model import Column, Contract, load_contracts
from zaoxue.settings import PROJECT_ROOT, load_settings

DICTIONARY_FILE = PROJECT_ROOT / "docs" / "data_dictionary.md"
_SENSITIVITY = {"public": "公开 public", "sensitive": "敏感 sensitive", "personal": "个人信息 personal"}
_TYPES = {
    "string": "文本 text",
    "integer": "整数 integer",
    "number": "数字 number",
    "boolean": "是/否 yes/no",
    "date": "日期 date",
    "array": "多值 several codes",
}
_SUBMITTERS = {
    "township": "乡镇（街道） township",
    "district": "区县 district",
    "bank": "银行 bank",
    "news_source": "新闻来源 news source",
}
_SCOPES = {
    "cumulative": "每份文件为截至当期的完整台账，未再列出的行视为关闭。 Each file is the whole ledger to date; a row that is no longer listed is closed.",
    "period": "每份文件为一期的全部记录，替换该期。 Each file is all of one period and replaces that period.",
    "document": "每份文件为一篇文章的全部记录，替换该文章。 Each file is all of one article and replaces that article.",
    "incremental": "每份文件只增改其中列出的行。 Each file adds or changes the rows it lists, and no others.",
}
_FREQUENCIES = {
    "day": "每日 daily",
    "week": "每周 weekly",
    "month": "每月 monthly",
    "quarter": "每季 quarterly",
    "year": "每年 yearly",
}
_SEVERITIES = {"critical": "退回该行 row kept out", "warning": "提示核实 reported", "info": "记录 noted"}


def render_data_dictionary(contracts: Mapping[str, Contract]) -> str:
    """The page as Markdown: for each feed its due time, columns, header words, code lists and rules."""
    lines = [
        "# 数据字典 Data dictionary",
        "",
        "由 `expectations/*.odcs.yaml` 生成，请勿手工修改。 Generated from the contracts by"
        " `python -m zaoxue.contracts.data_dictionary`: do not edit.",
        "",
        "个人信息列不进入数据仓库；身份证号以不可还原的键代替。 Personal columns never reach the warehouse; an identity number is"
        " replaced by a key that cannot be turned back.",
        "",
        "数据仓库各模型的说明见 `marts` 表与列的注释。 The marts are described in the database itself: see the comments on the"
        " tables and columns of `marts`.",
        "",
        *_table(
            ("台账 Feed", "名称 Name", "报送单位 Sent by", "频次 Cadence"),
            [
                (f"[{feed}](#{feed})", contract.title, _SUBMITTERS[contract.submitter], _cadence(contract))
                for feed, contract in sorted(contracts.items())
            ],
        ),
    ]
    for feed, contract in sorted(contracts.items()):
        lines += ["", *_feed(feed, contract)]
    return "\n".join(lines) + "\n"


def _feed(feed: str, contract: Contract) -> Iterator[str]:
    yield f'<a id="{feed}"></a>'
    yield ""
    yield f"## {contract.title} `{feed}`"
    yield ""
    yield contract.purpose
    yield ""
    yield f"- 契约版本 Contract version: {contract.version}"
    yield f"- 报送单位 Sent by: {_SUBMITTERS[contract.submitter]}"
    yield f"- 报送时限 Due: {_due(contract)}"
    yield f"- 报送范围 Scope: {_SCOPES[contract.scope]}"
    yield f"- 主键 Natural key: {' + '.join(f'{column.label} `{column.name}`' for column in contract.key_columns)}"
    if len(contract.titles) > 1:
        yield f"- 其他名称 Also titled: {'、'.join(contract.titles[1:])}"
    yield ""
    yield "### 字段 Columns"
    yield ""
    yield from _table(
        (
            "字段 Column",
            "表头 Header",
            "其他表头 Other headers",
            "类型 Type",
            "必填 Required",
            "敏感程度 Sensitivity",
            "仓库字段 In the warehouse",
            "说明 Meaning",
        ),
        [_column(column) for column in contract.columns if not column.check_only],
    )
    coded = [column for column in contract.columns if column.codes]
    if coded:
        yield ""
        yield "### 代码 Codes"
        yield ""
        yield from _table(
            ("字段 Column", "代码 Code", "台账用语 Words on ledgers"),
            [
                (f"`{column.name}`", f"`{code}`", "、".join(labels))
                for column in coded
                for code, labels in labels_of_codes(column).items()
            ],
        )
    if contract.rules:
        yield ""
        yield "### 规则 Rules"
        yield ""
        yield from _table(
            ("编号 Rule", "后果 Consequence", "说明", "Meaning"),
            [(rule.rule_id, _SEVERITIES[rule.severity], rule.message_zh, rule.message_en) for rule in contract.rules],
        )
    checked = [column for column in contract.columns if column.check_only]
    if checked:
        yield ""
        yield "### 核查字段 Check columns"
        yield ""
        yield "只用于核查，不入库。 Worked out for the rules above; never loaded."
        yield ""
        yield from _table(
            ("字段 Column", "类型 Type", "来源 From", "算法 How", "说明 Meaning"),
            [
                (
                    f"`{column.name}`",
                    _TYPES[column.logical_type],
                    "、".join(f"`{source}`" for source in column.sources),
                    f"`{column.derivation}`",
                    column.description,
                )
                for column in checked
            ],
        )


def _column(column: Column) -> tuple[str, ...]:
    meaning = column.description if column.description not in (column.label, column.name) else ""
    limits = _limits(column)
    if column.derived_from:
        meaning = f"{meaning} 由 `{column.derived_from}` 推得 derived from `{column.derived_from}`.".strip()
    return (
        f"`{column.name}`",
        column.headers[0] if column.headers else "",
        "、".join(column.headers[1:]),
        _TYPES[column.logical_type] + (f" {limits}" if limits else ""),
        "是 yes" if column.required else "",
        _SENSITIVITY[column.classification],
        f"`{column.warehouse_name}`" if column.warehouse_name else "不进入 never",
        meaning,
    )


def _limits(column: Column) -> str:
    words = {"minimum": "≥", "exclusiveMinimum": ">", "maximum": "≤", "exclusiveMaximum": "<"}
    return ", ".join(f"{words[name]} {value}" for name, value in column.options.items() if name in words)


def _cadence(contract: Contract) -> str:
    return _FREQUENCIES.get(contract.frequency or "", "不定期 whenever there is something")


def _due(contract: Contract) -> str:
    if contract.frequency is None:
        return _cadence(contract)
    day, clock, grace = (contract.sla.get(name) for name in ("dueWorkingDay", "dueTime", "graceWorkingDays"))
    current = contract.sla.get("dueIn") == "current"
    return (
        f"{_cadence(contract)}，{'当期' if current else '下一期'}第 {day} 个工作日 {clock} 前，宽限 {grace} 个工作日。"
        f" By {clock} on working day {day} of the {'same' if current else 'following'} period,"
        f" with {grace} working days of grace."
    )


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield "|" + "---|" * len(head)
    for row in rows:
        yield "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in row) + " |"


def main() -> None:
    """Write the page."""
    DICTIONARY_FILE.write_text(render_data_dictionary(load_contracts(load_settings().contracts)), encoding="utf-8")


if __name__ == "__main__":
    main()
