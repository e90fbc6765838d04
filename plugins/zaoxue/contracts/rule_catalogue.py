"""The catalogue of every rule of the gate, derived from the contracts.

`python -m zaoxue.contracts.rule_catalogue` writes docs/rules.md again after a contract has changed; a test compares
the two.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from zaoxue.contracts.model import Contract, Rule, load_contracts
from zaoxue.settings import PROJECT_ROOT, load_settings

CATALOGUE_FILE = PROJECT_ROOT / "docs" / "rules.md"
_CONSEQUENCES = {"critical": "退回该行 row kept out", "warning": "提示核实 reported", "info": "记录 noted"}
_ABOUT = """# 规则目录 Rules of the gate

由 `expectations/` 生成，请勿手工修改。 Generated from the contracts by `python -m zaoxue.contracts.rule_catalogue`: do not edit.

每条规则是一条 Great Expectations 期望，编号固定不变。 Each rule is one Great Expectations expectation with an id that never
changes.

- **退回 kept out**（error）：不可能属实，或无法入库；该行退回报送单位。 It cannot be so, or cannot be loaded; the row goes back to its sender.
- **提示 reported**（warning）：可能属实，但须核实；该行照常入库。 It can be so, but somebody should look; the row is loaded.
- **记录 noted**（info）：只计数。 Counted, no more.

跨台账的规则以同一区县其他台账的现行数据为准；其他台账尚未报送时不判定。 Rules that look into other ledgers use what stands in those
of the same district; they are not judged while the other ledger has not come.

年龄、额度、标准、期限等参数见 `expectations/parameters.csv`，按地区和日期取值。 Ages, caps, standards and terms are in
`expectations/parameters.csv`, by place and day.
"""


def render_rule_catalogue(
    contracts: Mapping[str, Contract], derived: Mapping[str, Sequence[Rule]], of_files: Sequence[Rule]
) -> str:
    """The page as Markdown. `derived`: the rules that each feed's schema gives by itself; `of_files`: those on whole files."""
    written = sum(len(contract.rules) for contract in contracts.values())
    by_itself = sum(len(rules) for rules in derived.values())
    lines = [
        _ABOUT,
        f"共 {written} 条业务规则、{len(of_files)} 条整份文件规则；另有 {by_itself} 条由字段定义自动得出（必填、可读、代码、范围、主键唯一等）。"
        f" {written} business rules and {len(of_files)} on whole files; {by_itself} more follow from the columns (required,"
        " readable, code, range, unique key).",
        "",
        "| 台账 Feed | 业务规则 Business rules | 自动得出 From the columns |",
        "|---|---|---|",
        *(
            f"| [{contract.title}](#{feed}) `{feed}` | {len(contract.rules)} | {len(derived[feed])} |"
            for feed, contract in sorted(contracts.items())
        ),
        "",
        "## 整份文件 Whole files",
        "",
        *_table(of_files),
    ]
    for feed, contract in sorted(contracts.items()):
        lines += ["", f'<a id="{feed}"></a>', "", f"## {contract.title} `{feed}`", "", *_table(contract.rules)]
    return "\n".join(lines) + "\n"


def _table(rules: Sequence[Rule]) -> list[str]:
    rows = [
        f"| {rule.rule_id} | {_CONSEQUENCES[rule.severity]} | {rule.message_zh} | {rule.message_en} | {rule.source or ''} |"
        for rule in rules
    ]
    return ["| 编号 Rule | 后果 Consequence | 说明 | Meaning | 来源 Source |", "|---|---|---|---|---|", *rows]


def current_catalogue(contracts_folder: Path) -> str:
    """The page for the contracts of a folder."""
    from zaoxue.gate.suite import file_rules, schema_rules  # the gate knows contracts, not the other way round

    contracts = load_contracts(contracts_folder)
    derived = {feed: schema_rules(contract) for feed, contract in contracts.items()}
    return render_rule_catalogue(contracts, derived, file_rules(contracts_folder))


def main() -> None:
    """Write the page."""
    CATALOGUE_FILE.write_text(current_catalogue(load_settings().contracts), encoding="utf-8")


if __name__ == "__main__":
    main()
