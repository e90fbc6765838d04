"""`zaoxue status`, `why`, `alerts` and `waive`: who has not sent, why, what they were told, and what need not come."""

from __future__ import annotations

import getpass
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated, NoReturn
from zoneinfo import ZoneInfo

import psycopg
import typer
from psycopg.rows import dict_row
from rich.console import Console
from rich.table import Table

from zaoxue.periods import end_of_day
from zaoxue.settings import load_settings
from zaoxue.submissions import board
from zaoxue.warehouse.database import connect, embedded_server

_BEIJING = ZoneInfo("Asia/Shanghai")
_UNKNOWN = 2  # exit code: what was named does not exist
_COUNTS = (  # heading, field of board.Timeliness, whether it is rare
    ("应报\nexpected", "expected", False),
    ("已报\nactual", "actual", False),
    ("按时\non time", "on_time", False),
    ("迟报\nlate", "late", False),
    ("缺报\nmissing", "missing", False),
    ("退回\nrejected", "rejected", True),
    ("宽限\nawaited", "awaited", True),
    ("零报告\nnil", "nil", True),
    ("免报\nwaived", "waived", True),
    ("未到期\nopen", "open", False),
)
AsOf = Annotated[
    datetime | None,
    typer.Option("--as-of", formats=["%Y-%m-%d"], help="Night to judge (default: the last one watched, else today)."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Machine-readable output.")]


def register(app: typer.Typer) -> None:
    """Add this module's commands to the command line."""
    app.command("status")(status)
    app.command("why")(why)
    app.command("alerts")(alerts)
    app.command("waive")(waive_obligation)


def status(
    as_of: AsOf = None,
    as_json: AsJson = False,
    last: Annotated[int, typer.Option(min=1, help="How many of each feed's latest periods to count.")] = 3,
) -> None:
    """Who has sent what: one line for each district."""
    from zaoxue.submissions.calendar import plain_week_years

    with _warehouse() as connection:
        night = _night(connection, as_of)
        rows = board.timeliness(connection, end_of_day(night), last)
        years = plain_week_years(connection)
    if as_json:
        _print_json(
            {"as_of": night, "last": last, "plain_week_years": years, "districts": [asdict(row) for row in rows]}
        )
        return
    # A terminal is narrow: a rare column is left out where it is zero for everybody.
    shown = [
        (heading, field)
        for heading, field, is_rare in _COUNTS
        if not is_rare or any(getattr(row, field) for row in rows)
    ]
    table = Table(
        title=f"报送情况 Submissions，截至 as of {night}（最近 {last} 期 latest periods）",
        box=None,
        padding=(0, 1),
        collapse_padding=True,
        pad_edge=False,
    )
    for heading in ("", "代码\ncode", "区县\ndistrict"):
        table.add_column(heading, no_wrap=True)
    for heading, _ in shown:
        table.add_column(heading, justify="right", no_wrap=True)
    for row in rows:
        sign, style = ("✖", "red") if row.missing else ("…", "yellow") if row.awaited else ("✔", "green")
        table.add_row(sign, row.code, row.name, *(str(getattr(row, field)) for _, field in shown), style=style)
    console = _console()
    console.print(table)
    if years:
        console.print(
            f"{_listed(years)} 年尚无放假安排，按周一至周五推算。"
            f"No holiday table yet for {_listed(years)}: due times follow the plain week."
        )
    red = [row for row in rows if row.missing]
    if red:
        console.print(f"缺报原因 To see why: zaoxue why {red[0].code}")


def why(
    district: Annotated[str, typer.Argument(help="Code or name of a district (or a bank, a news source).")],
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """Why a district is red: what is missing, what was rejected and for what cause, when it last sent."""
    with _warehouse() as connection:
        night = _night(connection, as_of)
        at = end_of_day(night)
        code, name = _recipient(connection, district)
        missing = board.missing_obligations(connection, at, code)
        rejected = board.rejected_files(connection, at, code)
        causes = board.quarantine_causes(connection, at, code)
        received = board.last_received(connection, at, code)
    if as_json:
        _print_json(
            {
                "as_of": night,
                "code": code,
                "name": name,
                "last_received_at": received,
                "missing": [asdict(item) for item in missing],
                "rejected": [asdict(item) for item in rejected],
                "quarantine": [asdict(item) for item in causes],
            }
        )
        return
    console = _console()
    console.print(f"{name}（{code}），截至 as of {night}")
    console.print(f"最近一次收到文件 Last file received: {_when(received)}")
    if not missing:
        console.print("没有缺报。Nothing is missing.")
    _print_table(
        console,
        "缺报和被退回 Missing or rejected",
        ("台账 feed", "期 period", "单位 organisation", "应于 due", "状态 state", "原因 reason"),
        [
            (m.feed, m.period, f"{m.organisation_name} {m.organisation_code}", _when(m.due_at), m.state, m.reason or "")
            for m in missing
        ],
    )
    _print_table(
        console,
        "退回的文件 Rejected files",
        ("编号 id", "台账 feed", "期 period", "单位 organisation", "收到 received", "原因 cause"),
        [
            (
                r.submission_id,
                r.feed or "?",
                r.period or "?",
                r.organisation_code or "?",
                _when(r.received_at),
                f"{r.reason_zh or ''} {r.reason_en or ''}".strip(),
            )
            for r in rejected
        ],
    )
    _print_table(
        console,
        "被隔离的行 Rows in quarantine",
        ("台账 feed", "规则 rule", "行数 rows", "说明 message"),
        [(q.feed, q.rule_id, str(q.rows), f"{q.message_zh} {q.message_en}") for q in causes],
    )


def alerts(
    as_json: AsJson = False,
    recipient: Annotated[str | None, typer.Option(help="Only those of one district (code).")] = None,
    limit: Annotated[int, typer.Option(min=1, help="How many, the latest first.")] = 20,
) -> None:
    """What was told to whom, and what is still to be sent."""
    with _warehouse() as connection, connection.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(
            "select a.alert_key, a.kind, a.recipient, a.subject, a.body, a.created_at, a.sent_at, a.attempts,"
            " a.last_error, array(select d.channel from ops.alert_delivery as d where d.alert_key = a.alert_key"
            " order by d.delivered_at, d.channel) as delivered"
            " from ops.alert as a where %(recipient)s::text is null or a.recipient = %(recipient)s"
            " order by a.alert_id desc limit %(limit)s",
            {"recipient": recipient, "limit": limit},
        ).fetchall()
    if as_json:
        _print_json(rows)
        return
    console = _console()
    if not rows:
        console.print("没有通知。No alert yet.")
    _print_table(
        console,
        "通知 Alerts",
        ("时间 written", "已发 sent", "对象 recipient", "标题 subject", "次数 attempts", "最后错误 last error"),
        [
            (
                _when(row["created_at"]),
                "✔" if row["sent_at"] else "…",
                row["recipient"],
                row["subject"],
                str(row["attempts"]),
                row["last_error"] or "",
            )
            for row in rows
        ],
    )


def waive_obligation(
    organisation: Annotated[str, typer.Argument(metavar="ORG", help="Code of the organisation.")],
    feed: Annotated[str, typer.Argument(help="Ledger, for example placement.")],
    period: Annotated[str, typer.Argument(help="2026-05, 2026Q2 or 2026.")],
    reason: Annotated[str, typer.Option(help="Why it need not be sent.")],
    as_of: Annotated[
        datetime | None,
        typer.Option("--as-of", formats=["%Y-%m-%d"], help="Night from which on it counts (default: now)."),
    ] = None,
) -> None:
    """Say that an organisation need not send a ledger for a period."""
    from zaoxue.contracts import load_contracts
    from zaoxue.submissions.waivers import WaiverError, waive

    settings = load_settings()
    with _warehouse() as connection:
        try:
            waive(
                connection,
                load_contracts(settings.contracts),
                organisation,
                feed,
                period,
                reason=reason,
                waived_by=getpass.getuser(),
                waived_at=end_of_day(as_of.date()) if as_of else None,
            )
        except WaiverError as error:
            _refuse(str(error))
        night = board.last_watched_night(connection)
    console = _console()
    console.print(f"已免报 Waived: {organisation} {feed} {period}")
    if night and as_of is None and end_of_day(night) < datetime.now(_BEIJING):
        console.print(
            f"自现在起生效；要使 {night} 之夜也算免报，请加 --as-of {night}。"
            f"It counts from now on; to have the night of {night} know it, add --as-of {night}."
        )


@contextmanager
def _warehouse() -> Iterator[psycopg.Connection]:
    settings = load_settings()
    if settings.database_url is None:
        server = embedded_server(settings)
        if not server.data.exists():
            _refuse("还没有数据库，请先运行 zaoxue nightly。There is no database yet; run: zaoxue nightly", code=1)
        server.start()
    try:
        with connect(settings) as connection:
            yield connection
    except (psycopg.OperationalError, psycopg.errors.UndefinedTable, psycopg.errors.UndefinedFunction) as error:
        _refuse(
            "数据库连不上或尚未建好，请先运行 zaoxue nightly。"
            "The database cannot be reached or has not been set up; run: zaoxue nightly "
            f"({type(error).__name__})",
            code=1,
        )


def _night(connection: psycopg.Connection, as_of: datetime | None) -> date:
    if as_of is not None:
        return as_of.date()
    return board.last_watched_night(connection) or datetime.now(_BEIJING).date()


def _recipient(connection: psycopg.Connection, text: str) -> tuple[str, str]:
    found = board.find_district(connection, text)
    if len(found) == 1:
        return found[0]
    hint = "、".join(f"{name} {code}" for code, name in found[:8])
    _refuse(
        f"没有叫 {text} 的区县{'；是不是：' + hint if hint else ''}。全部区县见 zaoxue status。"
        f"No district is called {text}{'; did you mean: ' + hint if hint else ''}. See: zaoxue status"
    )


def _console() -> Console:
    return Console(markup=False, highlight=False)  # a name in square brackets is a name, not a style


def _refuse(message: str, code: int = _UNKNOWN) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(code)


def _print_json(document: object) -> None:
    typer.echo(json.dumps(document, ensure_ascii=False, indent=2, default=_plain))


def _plain(value: object) -> str:
    if isinstance(value, date):  # datetime too
        return value.isoformat()
    raise TypeError(type(value).__name__)


def _print_table(console: Console, title: str, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    if rows:
        table = Table(*headings, title=title)
        for row in rows:
            table.add_row(*row)
        console.print(table)


def _when(instant: datetime | None) -> str:
    return instant.astimezone(_BEIJING).strftime("%Y-%m-%d %H:%M") if instant else "从未 never"


def _listed(years: Sequence[int]) -> str:
    return ", ".join(map(str, years))
