"""Whether a day loaded far less than such days usually do: then it is rather us than the districts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import psycopg

_MONTHS = 6  # compared with
_ENOUGH_MONTHS = 3
_FAR_LESS = 0.3  # of the median
_ENOUGH_FILES = 10  # under which a share says nothing

# Ledgers come in a wave each month, so a day is compared with the days at the same place in the wave: the same working
# day (the third, say) of the months before. The median is not moved by the months in which a quarter's ledgers come, too.
_COMPARED = """
with place as (
    select day, date_trunc('month', day)::date as month,
        count(*) over (partition by date_trunc('month', day) order by day) as working_day
    from ops.calendar_day
    where is_workday and day <= %(day)s and day >= date_trunc('month', %(day)s::date) - make_interval(months => %(months)s)
),
judged as (select * from place where day = %(day)s),
loaded as (
    select p.month, p.day, p.working_day,
        count(distinct s.source_uri) as files, coalesce(sum(s.rows_accepted), 0) as row_count
    from place as p
    inner join judged as j on j.working_day = p.working_day
    left join ops.submission as s
        on s.received_at >= ops.end_of_day(p.day - 1) and s.received_at < ops.end_of_day(p.day)
        and s.state in ('accepted', 'accepted_with_rejects', 'superseded', 'stale')
    group by p.month, p.day, p.working_day
)
select
    max(working_day),
    max(files) filter (where day = %(day)s),
    max(row_count) filter (where day = %(day)s),
    percentile_cont(0.5) within group (order by files) filter (where is_before),
    percentile_cont(0.5) within group (order by row_count) filter (where is_before),
    count(*) filter (where is_before)
from loaded
cross join lateral (
    -- Not the months before the first file ever.
    select day < %(day)s and day >= (select min(received_at) at time zone 'Asia/Shanghai' from ops.submission)::date
        as is_before
) as b
"""


@dataclass(frozen=True)
class LoadSize:
    """What a working day loaded, and the median of the same working day of the months before."""

    day: date
    working_day: int
    files: int
    rows: int
    usual_files: float
    usual_rows: float
    months: int

    @property
    def is_far_less(self) -> bool:
        """Under 30 % of the usual files or rows, where at least three months and ten files speak for what is usual."""
        if self.months < _ENOUGH_MONTHS or self.usual_files < _ENOUGH_FILES:
            return False
        return self.files < _FAR_LESS * self.usual_files or self.rows < _FAR_LESS * self.usual_rows


def load_size(connection: psycopg.Connection, day: date) -> LoadSize | None:
    """Compare a day's accepted files with the same working day of up to six months before; None on a day off."""
    row = connection.execute(_COMPARED, {"day": day, "months": _MONTHS}).fetchone()
    if row is None or row[1] is None:
        return None
    working_day, files, rows, usual_files, usual_rows, months = row
    return LoadSize(day, working_day, files, int(rows), float(usual_files or 0), float(usual_rows or 0), months)
