"""How districts stood, night by night: one statement on what the watch has judged (`ops.night_board`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import psycopg
from psycopg import sql
from psycopg.rows import class_row

from zaoxue.board.viewers import Viewer, within

# The worst first: what a night of a district is shown as where several hold.
STATES = ("missing", "rejected", "held", "overdue", "late", "met")
MOST_NIGHTS = 62


@dataclass(frozen=True)
class Standing:
    """A recipient over some nights. The masks have bit i set if the state held on night i.

    `outstanding`: obligations that were missing at the end of the last of these nights' month that was judged.
    """

    code: str
    name: str
    kind: str
    parent: str | None
    outstanding: int
    missing: int
    rejected: int
    held: int
    overdue: int
    late: int
    met: int

    def runs(self, nights: int) -> list[tuple[str | None, int]]:
        """(worst state, for how many nights in a row) over the first `nights` nights; None where nothing was due yet.

        By runs of bits: a row has a handful of them, and a country 90,000 nights.
        """
        unsettled = (1 << nights) - 1
        found: list[tuple[int, int, str | None]] = []
        for state in (*STATES, None):
            mask = unsettled if state is None else getattr(self, state) & unsettled
            unsettled &= ~mask
            while mask:
                start = (mask & -mask).bit_length() - 1
                length = ((mask >> start) ^ ((mask >> start) + 1)).bit_length() - 1
                found.append((start, length, state))
                mask &= ~(((1 << length) - 1) << start)
        return [(state, length) for _, length, state in sorted(found, key=lambda run: run[0])]


@dataclass(frozen=True)
class Choice:
    """What to show: `nights` nights up to `last_night`, of one feed (None: all), in one prefecture (None: all)."""

    last_night: date
    nights: int
    feed: str | None = None
    prefecture: str | None = None

    @property
    def first_night(self) -> date:
        """The first of them."""
        return self.last_night - timedelta(days=self.nights - 1)


def standings(connection: psycopg.Connection, viewer: Viewer, choice: Choice) -> list[Standing]:
    """One row for each recipient that owes anything, by code."""
    statement = sql.SQL(
        """
        select
            b.recipient_code as code,
            g.name,
            g.kind,
            coalesce(g.parent_code, case when g.kind = 'district' then left(g.organisation_code, 4) end) as parent,
            b.outstanding::integer as outstanding,
            b.missing, b.rejected, b.held, b.overdue, b.late, b.met
        from (
            select
                recipient_code,
                sum(outstanding) filter (where month = date_trunc('month', %(last)s::date)::date) as outstanding,
                {masks}
            from ops.night_board
            where
                month between date_trunc('month', %(first)s::date)::date and %(last)s
                and (%(feed)s::text is null or feed = %(feed)s)
            group by recipient_code
        ) as b
        inner join ops.organisation as g on b.recipient_code = g.organisation_code
        where
            {within}
            and (
                %(prefecture)s::text is null or g.parent_code = %(prefecture)s
                or starts_with(g.organisation_code, %(prefecture)s)
            )
        order by b.recipient_code
        """
    ).format(
        masks=sql.SQL(", ").join(
            # Nights counted from the first that is shown, whichever month they lie in.
            sql.SQL(
                "bit_or(case when month >= %(first)s then {state}::bigint << (month - %(first)s)"
                " else {state}::bigint >> (%(first)s - month) end) as {state}"
            ).format(state=sql.Identifier(state))
            for state in STATES
        ),
        within=within("g.organisation_code"),
    )
    with connection.cursor(row_factory=class_row(Standing)) as cursor:
        return cursor.execute(
            statement,
            {
                "first": choice.first_night,
                "last": choice.last_night,
                "feed": choice.feed,
                "prefecture": choice.prefecture,
                **viewer.parameters,
            },
        ).fetchall()


def remembered(connection: psycopg.Connection) -> tuple[date | None, list[date]]:
    """The last night that was judged, and the months there is anything of, the latest first."""
    rows = connection.execute("select month, max(last_night) from ops.night_board group by month order by 1 desc")
    found = rows.fetchall()
    return (found[0][1] if found else None), [month for month, _ in found]


def prefectures(connection: psycopg.Connection, viewer: Viewer) -> list[tuple[str, str]]:
    """(code, name) of the prefectures that have districts which the viewer sees; the code where it has no name."""
    statement = sql.SQL(
        """
        select distinct d.prefecture_code, coalesce(p.name, d.prefecture_code)
        from (
            select coalesce(parent_code, left(organisation_code, 4)) as prefecture_code
            from ops.organisation where kind = 'district' and {within}
        ) as d
        left join ops.organisation as p on d.prefecture_code = p.organisation_code
        order by 1
        """
    ).format(within=within("organisation_code"))
    rows: list[tuple[str, str]] = connection.execute(statement, viewer.parameters).fetchall()
    return rows
