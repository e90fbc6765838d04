"""`zaoxue status`, `why`, `alerts` and `waive`: who has not sent, why, what they were told, and what need not come."""

from __future__ import annotations

import getpass
from dataclasses import asdict
from datetime import datetime
from typing import Annotated

import typer
from psycopg.rows import dict_row
from rich.table import Table

from zaoxue.cli.output import (
    BEIJING,
    AsJson,
    AsOf,
    console,
    listed,
    night_of,
    print_json,
    print_table,
    refuse,
    warehouse,
    when,
)
from zaoxue.cli.why import why
from zaoxue.periods import end_of_day
from zaoxue.settings import load_settings
from zaoxue.submissions import board

# Late is actual less on time, and what is not yet due is in --json: eighty columns hold no more.
_COUNTS = (  # heading, field of board.Timeliness, whether it is rare
    ("应报\nexpected", "expected", False),
    ("已报\nactual", "actual", False),
    ("按时\non time", "on_time", False),
    ("缺报\nmissing", "missing", False),
    ("退回\nrejected", "rejected", True),
    ("宽限\nawaited", "awaited", True),
    ("零报告\nnil", "nil", True),
    ("免报\nwaived", "waived", True),
)


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
    feed: Annotated[str | None, typer.Option(help="Only this ledger, for example placement.")] = None,
    under: Annotated[str | None, typer.Option(help="Only what lies under this province or prefecture (code).")] = None,
) -> None:
    """Who has sent what: one line for each district, and the reporting rates."""
    from zaoxue.submissions.calendar import plain_week_years

    with warehouse() as connection:
        night = night_of(connection, as_of)
        rows = board.timeliness(connection, end_of_day(night), last, feed, under)
        years = plain_week_years(connection)
    if as_json:
        print_json(
            {
                "as_of": night,
                "last": last,
                "feed": feed,
                "under": under,
                "plain_week_years": years,
                "districts": [asdict(row) for row in rows],
            }
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
    for heading in (*(heading for heading, _ in shown), "报送率\nrate", "按时率\non time"):
        table.add_column(heading, justify="right", no_wrap=True)
    for row in rows:
        sign, style = ("✖", "red") if row.missing else ("…", "yellow") if row.awaited else ("✔", "green")
        rates = (_percent(row.reporting_rate), _percent(row.reporting_rate_on_time))
        counts = (str(getattr(row, field)) for _, field in shown)
        table.add_row(sign, row.code, row.name, *counts, *rates, style=style)
    out = console()
    out.print(table)
    if years:
        out.print(
            f"{listed(years)} 年尚无放假安排，按周一至周五推算。"
            f"No holiday table yet for {listed(years)}: due times follow the plain week."
        )
    red = [row for row in rows if row.missing]
    if red:
        out.print(f"缺报原因 To see why: zaoxue why {red[0].code}")


def _percent(rate: float | None) -> str:
    return "-" if rate is None else f"{100 * rate:.0f}%"


def alerts(
    as_json: AsJson = False,
    recipient: Annotated[str | None, typer.Option(help="Only those of one district (code).")] = None,
    limit: Annotated[int, typer.Option(min=1, help="How many, the latest first.")] = 20,
    unsent: Annotated[bool, typer.Option("--unsent", help="Only those that a channel has not taken yet.")] = False,
) -> None:
    """What was told to whom, and what is still to be sent."""
    with warehouse() as connection, connection.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(
            "select a.alert_key, a.kind, a.recipient, a.subject, a.body, a.created_at, a.sent_at, a.attempts,"
            " a.last_error, array(select d.channel from ops.alert_delivery as d where d.alert_key = a.alert_key"
            " order by d.delivered_at, d.channel) as delivered"
            " from ops.alert as a where (%(recipient)s::text is null or a.recipient = %(recipient)s)"
            " and (a.sent_at is null or not %(unsent)s)"
            " order by a.alert_id desc limit %(limit)s",
            {"recipient": recipient, "limit": limit, "unsent": unsent},
        ).fetchall()
    if as_json:
        print_json(rows)
        return
    out = console()
    if not rows:
        out.print("没有通知。No alert yet.")
    print_table(
        out,
        "通知 Alerts",
        ("时间 written", "已发 sent", "对象 recipient", "标题 subject", "次数 attempts", "最后错误 last error"),
        [
            (
                when(row["created_at"]),
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
    with warehouse() as connection:
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
            refuse(str(error))
        night = board.last_watched_night(connection)
    out = console()
    out.print(f"已免报 Waived: {organisation} {feed} {period}")
    if night and as_of is None and end_of_day(night) < datetime.now(BEIJING):
        out.print(
            f"自现在起生效；要使 {night} 之夜也算免报，请加 --as-of {night}。"
            f"It counts from now on; to have the night of {night} know it, add --as-of {night}."
        )
