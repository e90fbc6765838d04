"""What a night came to, read from the warehouse after it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import psycopg

from zaoxue.nightly import Night
from zaoxue.warehouse.database import connect


@dataclass(frozen=True)
class NightSummary:
    """Figures of one night.

    `new_files`, `rows_accepted`, `rows_quarantined`: of this night. `submissions`: all so far, by state.
    `marts`: rows by mart. `districts_missing`: (code, name, obligations missing) as of the night.
    `steps`: (name, seconds) in order.
    """

    as_of: str
    new_files: int
    rows_accepted: int
    rows_quarantined: int
    submissions: dict[str, int]
    marts: dict[str, int]
    districts_missing: list[tuple[str, str, int]]
    steps: list[tuple[str, float]]

    def as_dict(self) -> dict[str, Any]:
        """For --json."""
        return asdict(self)


def summarise(night: Night) -> NightSummary:
    """Read the summary of a night from the warehouse."""
    runs = list(night.runs.values())
    with connect(night.settings) as connection:
        submissions = dict(
            connection.execute("select state, count(*) from ops.submission group by 1 order by 1").fetchall()
        )
        new = connection.execute(
            "select count(distinct source_uri), coalesce(sum(rows_accepted), 0), coalesce(sum(rows_quarantined), 0)"
            " from ops.submission where loaded_at >= (select min(at - make_interval(secs => seconds)) from ops.step_outcome"
            " where run_id = any(%s))",
            [runs],
        ).fetchone() or (0, 0, 0)
        missing = connection.execute(
            "select coalesce(s.district_code, s.organisation_code), coalesce(d.name, s.organisation_name), count(*)"
            " from ops.obligation_state((%s::date + 1)::timestamp at time zone 'Asia/Shanghai') s"
            " left join ops.organisation d on d.organisation_code = s.district_code"
            " where s.state = 'missing' group by 1, 2 order by 3 desc, 1",
            [night.as_of],
        ).fetchall()
        files, accepted, quarantined = new
        return NightSummary(
            night.as_of.isoformat(),
            int(files),
            int(accepted),
            int(quarantined),
            submissions,
            _marts(connection),
            missing,
            _steps(connection, night),
        )


def _marts(connection: psycopg.Connection) -> dict[str, int]:
    names = [
        name for (name,) in connection.execute("select tablename from pg_tables where schemaname = 'marts' order by 1")
    ]
    counted = psycopg.sql.SQL(" union all ").join(
        psycopg.sql.SQL("select {}, count(*) from {}").format(
            psycopg.sql.Literal(n), psycopg.sql.Identifier("marts", n)
        )
        for n in names
    )
    return dict(connection.execute(counted).fetchall()) if names else {}


def _steps(connection: psycopg.Connection, night: Night) -> list[tuple[str, float]]:
    order = {run_id: place for place, run_id in enumerate(night.runs.values())}
    rows = connection.execute(
        "select run_id, step, sum(seconds), min(at) from ops.step_outcome"
        " where run_id = any(%s) and step not in ('dbt model', 'dbt test', 'dbt seed', 'inbox read') group by 1, 2",
        [list(order)],
    ).fetchall()
    return [(step, round(seconds, 1)) for _, step, seconds, _ in sorted(rows, key=lambda r: (order[r[0]], r[3]))]
