"""The rules of a feed: what its contract's schema says, as expectations, and its own quality rules."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from zaoxue.contracts import Column, Contract, ContractError, Rule
from zaoxue.normalising import VALID_SUFFIX, WHOLE_SUFFIX
from zaoxue.normalising.derive_rows import FIRST_OF_KEY
from zaoxue.normalising.table import has_verdict

FILE_RULES = "file_rules.yaml"
_LABELS_SHOWN = 12
_TYPE_ZH = {"date": "日期", "integer": "整数", "number": "数字", "boolean": "是/否"}
_TYPE_EN = {"date": "a date", "integer": "a whole number", "number": "a number", "boolean": "yes or no"}
_TYPE_EXAMPLE = {"date": "2026-05-31", "integer": "12", "number": "3500", "boolean": "是"}


def suite_of(contract: Contract) -> list[Rule]:
    """Every rule of the feed: derived from the schema first (in column order), then those its contract writes out.

    Derived ids are stable: `<prefix>.<column>.<what>`, with required, whole, readable, code, resident_id, mobile_phone,
    pattern, range, and `<prefix>.key.unique`.
    """
    return [*schema_rules(contract), *contract.rules]


def schema_rules(contract: Contract) -> list[Rule]:
    """The rules that the schema gives by itself."""
    derived = [rule for column in contract.columns if not column.sources for rule in _column_rules(contract, column)]
    return [*derived, _key_rule(contract)]


def file_rules(contracts: Path) -> list[Rule]:
    """Rules about a whole file, the same for every feed: `file_rules.yaml` beside the contracts."""
    documents = yaml.safe_load((contracts / FILE_RULES).read_text(encoding="utf-8"))
    return [
        Rule(
            rule_id=d["id"],
            severity=d["severity"],
            expectation=d["type"],
            arguments=d["kwargs"],
            column=None,
            message_zh=d["message_zh"],
            message_en=d["message_en"],
            holds=bool(d.get("holds")),
        )
        for d in documents
    ]


def column_to_mend(contract: Contract, rule: Rule) -> Column:
    """The column of the sheet that a person would mend: the rule's own, else the first of its columns.

    For a column that no sheet holds, the first of those it is worked out from.
    """
    named = [rule.column, *(rule.arguments.get(name) for name in ("column", "column_A", "column_B"))]
    named += rule.arguments.get("column_list", [])
    for name in named:
        column = _on_sheet(contract, str(name))
        if column is not None:
            return column
    raise ContractError(f"{contract.feed}: {rule.rule_id} speaks of no column that a sheet holds")


def _on_sheet(contract: Contract, name: str) -> Column | None:
    column = contract.by_name.get(name)
    if column is None or not column.sources:
        return column
    found = (_on_sheet(contract, source) for source in column.sources)
    return next((source for source in found if source is not None), None)


def _column_rules(contract: Contract, column: Column) -> list[Rule]:
    rules = []
    judged = column.name + VALID_SUFFIX if has_verdict(column) else column.name
    whole = column.name + WHOLE_SUFFIX  # of identity numbers: null only where the cell is empty
    if column.required:
        rules.append(
            _rule(
                contract,
                column,
                "required",
                "expect_column_values_to_not_be_null",
                {"column": whole if column.is_resident_id else judged},
                f"“{column.label}”必填，请补填",
                f"{column.label} is required; fill it in",
            )
        )
    if column.is_resident_id:
        rules.append(
            _rule(
                contract,
                column,
                "whole",
                "expect_column_values_to_be_in_set",
                {"column": whole, "value_set": [True]},
                f"“{column.label}”被表格软件当成数字，后几位已丢失（如 3.40406E+17 或末尾变成000），无法还原。"
                "请先把该列设为文本格式，再按证件重新填写18位号码",
                f"{column.label} was taken for a number and lost its last digits (3.40406E+17, or 000 at the end); they cannot be"
                " restored: format the column as text, then type the 18 characters again from the card",
            )
        )
    if has_verdict(column):
        what, zh, en = _readable(column)
        severity = "warning" if column.semantic_type == "mobile_phone" else "critical"
        rules.append(
            _rule(
                contract,
                column,
                what,
                "expect_column_values_to_be_in_set",
                {"column": judged, "value_set": [True]},
                zh,
                en,
                severity,
            )
        )
    if pattern := column.options.get("pattern"):
        rules.append(
            _rule(
                contract,
                column,
                "pattern",
                "expect_column_values_to_match_regex",
                {"column": column.name, "regex": pattern},
                f"“{column.label}”格式不对，应为：{column.description}",
                f"{column.label} has the wrong form; expected: {column.description}",
            )
        )
    limits = _limits(column)
    if limits:
        low, high = limits.get("min_value"), limits.get("max_value")
        span = f"{'' if low is None else f'{low:g}'} – {'' if high is None else f'{high:g}'}".strip()
        rules.append(
            _rule(
                contract,
                column,
                "range",
                "expect_column_values_to_be_between",
                {"column": column.name, **limits},
                f"“{column.label}”超出允许范围（{span}），请核实",
                f"{column.label} is out of range ({span}); check it",
            )
        )
    return rules


def _readable(column: Column) -> tuple[str, str, str]:
    label = column.label
    if column.is_resident_id:
        return (
            "resident_id",
            f"“{label}”不是有效的18位身份证号（请核对，并把单元格设为文本格式后重新填写）",
            f"{label} is not a valid identity number of 18 characters; check it and enter it in a cell formatted as text",
        )
    if column.semantic_type == "mobile_phone":
        return (
            "mobile_phone",
            f"“{label}”不是11位手机号，请核实",
            f"{label} is not a mobile number of 11 digits; check it",
        )
    if column.codes:
        labels = list(column.codes)[:_LABELS_SHOWN]
        more = "…" if len(column.codes) > _LABELS_SHOWN else ""
        return (
            "code",
            f"“{label}”应为下列之一：{'、'.join(labels)}{more}",
            f"{label} must be one of: {', '.join(labels)}{more}",
        )
    kind = column.logical_type
    return (
        "readable",
        f"“{label}”应为{_TYPE_ZH[kind]}，如 {_TYPE_EXAMPLE[kind]}",
        f"{label} must be {_TYPE_EN[kind]}, such as {_TYPE_EXAMPLE[kind]}",
    )


def _limits(column: Column) -> dict[str, Any]:
    options = column.options
    limits: dict[str, Any] = {}
    for option, argument in (("minimum", "min_value"), ("maximum", "max_value")):
        exclusive = f"exclusive{option.capitalize()}"
        if option in options:
            limits[argument] = options[option]
        elif exclusive in options:
            limits[argument] = options[exclusive]
            limits[f"strict_{argument[:3]}"] = True
    return limits


def _key_rule(contract: Contract) -> Rule:
    labels = "＋".join(column.label for column in contract.key_columns)
    return Rule(
        f"{contract.rule_prefix}.key.unique",
        "critical",
        "expect_column_values_to_be_in_set",
        {"column": FIRST_OF_KEY, "value_set": [True]},
        contract.key_columns[0].name,
        f"与本文件前面的一行重复（{labels}相同），请删除或更正",
        f"Repeats an earlier row of the file (same {labels}); delete or correct it",
    )


def _rule(
    contract: Contract,
    column: Column,
    what: str,
    expectation: str,
    arguments: dict[str, Any],
    message_zh: str,
    message_en: str,
    severity: str = "critical",
) -> Rule:
    return Rule(
        f"{contract.rule_prefix}.{column.name}.{what}",
        severity,
        expectation,
        arguments,
        column.name,
        message_zh,
        message_en,
    )
