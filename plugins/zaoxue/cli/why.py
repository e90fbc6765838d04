"""`zaoxue why DISTRICT`: why it is red, what else is to be looked at, what it was told, and whom to call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated, Any

import typer

from zaoxue.cli.output import AsJson, AsOf, console, night_of, print_json, print_table, refuse, warehouse, when
from zaoxue.periods import end_of_day
from zaoxue.settings import load_settings
from zaoxue.submissions import board


def why(
    district: Annotated[str, typer.Argument(help="Code or name of a district (or a bank, a news source).")],
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """Why a district is red: what is missing, rejected or held and why; warnings, waivers, messages, whom to call."""
    with warehouse() as connection:
        night = night_of(connection, as_of)
        at = end_of_day(night)
        found = board.find_district(connection, district)
        if len(found) != 1:
            hint = "、".join(f"{name} {code}" for code, name in found[:8])
            refuse(
                f"没有叫 {district} 的区县{'；是不是：' + hint if hint else ''}。全部区县见 zaoxue status。"
                f"No district is called {district}{'; did you mean: ' + hint if hint else ''}. See: zaoxue status"
            )
        code, name = found[0]
        document: dict[str, Any] = {
            "as_of": night,
            "code": code,
            "name": name,
            "contact": board.contact(connection, code),
            "last_received_at": board.last_received(connection, at, code),
            "missing": board.missing_obligations(connection, at, code),
            "rejected": board.rejected_files(connection, at, code),
            "quarantine": board.quarantine_causes(connection, at, code),
            "warnings": board.warnings(connection, at, code),
            "waived": board.waived_obligations(connection, at, code),
            "alerts": board.told(connection, code),
        }
    words = _messages({(w.feed, w.rule_id) for w in document["warnings"]})
    if as_json:
        lists = {key: [asdict(item) for item in value] for key, value in document.items() if isinstance(value, list)}
        for warning in lists["warnings"]:
            zh, en = words.get((warning["feed"], warning["rule_id"]), ("", ""))
            warning |= {"message_zh": zh, "message_en": en}
        print_json(document | lists)
        return
    _print(document, words)


def _messages(rules: set[tuple[str, str]]) -> dict[tuple[str, str], tuple[str, str]]:
    """What the rules say, by feed and id; those of whole files hold for every feed."""
    if not rules:
        return {}
    from zaoxue.contracts import load_contracts
    from zaoxue.gate import file_rules, suite_of  # brings in polars

    folder = load_settings().contracts
    contracts = load_contracts(folder)
    of_files = {rule.rule_id: rule for rule in file_rules(folder)}
    said: dict[tuple[str, str], tuple[str, str]] = {}
    for feed in {feed for feed, _ in rules} & set(contracts):
        known = of_files | {rule.rule_id: rule for rule in suite_of(contracts[feed])}
        said |= {(feed, rule.rule_id): (rule.message_zh, rule.message_en) for rule in known.values()}
    return said


def _print(found: Mapping[str, Any], words: Mapping[tuple[str, str], tuple[str, str]]) -> None:
    out = console()
    out.print(f"{found['name']}（{found['code']}），截至 as of {found['as_of']}")
    out.print(f"最近一次收到文件 Last file received: {when(found['last_received_at'])}")
    if found["contact"]:
        out.print(f"联系 Call: {found['contact']}")
    if not found["missing"]:
        out.print("没有缺报。Nothing is missing.")
    print_table(
        out,
        "缺报、被退回或待放行 Missing, rejected or held",
        ("台账 feed", "期 period", "单位 organisation", "应于 due", "状态 state", "原因 reason"),
        [
            (m.feed, m.period, f"{m.organisation_name} {m.organisation_code}", when(m.due_at), m.state, m.reason or "")
            for m in found["missing"]
        ],
    )
    print_table(
        out,
        "退回的文件 Rejected files",
        ("编号 id", "台账 feed", "期 period", "单位 organisation", "收到 received", "原因 cause"),
        [
            (
                r.submission_id,
                r.feed or "?",
                r.period or "?",
                r.organisation_code or "?",
                when(r.received_at),
                f"{r.reason_zh or ''} {r.reason_en or ''}".strip(),
            )
            for r in found["rejected"]
        ],
    )
    print_table(
        out,
        "被隔离的行 Rows in quarantine",
        ("台账 feed", "规则 rule", "行数 rows", "说明 message"),
        [(q.feed, q.rule_id, str(q.rows), f"{q.message_zh} {q.message_en}") for q in found["quarantine"]],
    )
    print_table(
        out,
        "提示核实（已入库） Warnings (loaded)",
        ("台账 feed", "规则 rule", "行数 rows", "文件 files", "说明 message"),
        [
            (w.feed, w.rule_id, str(w.rows), str(w.files), " ".join(words.get((w.feed, w.rule_id), ("", ""))))
            for w in found["warnings"]
        ],
    )
    print_table(
        out,
        "免报 Waived",
        ("台账 feed", "期 period", "单位 organisation", "原因 reason", "办理 by"),
        [(w.feed, w.period, w.organisation_code, w.reason, w.waived_by) for w in found["waived"]],
    )
    print_table(
        out,
        "已发通知 Messages",
        ("时间 written", "已发 sent", "标题 subject"),
        [(when(a.created_at), when(a.sent_at) if a.sent_at else "…", a.subject) for a in found["alerts"]],
    )
