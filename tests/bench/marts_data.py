"""Placements and follow-ups of a made-up province, written into `raw` by the server itself; and a night that changes some.

Deterministic: every value is a function of the row's number. Nobody is named: person keys are hashes of numbers.
"""

from __future__ import annotations

from datetime import date

import psycopg

from zaoxue.contracts import load_contracts
from zaoxue.loading.raw_tables import ensure_raw_table
from zaoxue.settings import Settings

AS_OF = date(2026, 5, 31)
_DISTRICTS, _TOWNSHIPS, _FIRST_MONTH, _MONTHS = 40, 12, date(2023, 6, 1), 36

_REGISTRY = """
insert into ops.organisation (organisation_code, name, kind, parent_code, district_code, opened_on)
select (990101 + d)::text, 'district ' || d, 'district', null, (990101 + d)::text, %(first)s
from generate_series(0, %(districts)s - 1) as d
union all
select (990101 + d)::text || lpad((t + 1)::text, 3, '0'), 'township ' || t, 'township', (990101 + d)::text,
    (990101 + d)::text, %(first)s
from generate_series(0, %(districts)s - 1) as d, generate_series(0, %(townships)s - 1) as t;

insert into ops.obligation
select organisation_code, feed, to_char(month, 'YYYY-MM'), month::date, (month + interval '1 month - 1 day')::date,
    month + interval '1 month 7 days', month + interval '1 month 9 days'
from ops.organisation, unnest(array['placement', 'follow_up']) as feed,
    generate_series(%(first)s::date, %(first)s::date + interval '1 month' * (%(months)s - 1), interval '1 month') as month
where kind = 'township';

insert into ops.submission (submission_id, source_uri, sha256, size_bytes, received_at, feed, organisation_code,
    district_code, period, period_end, version, state)
select feed || '-' || organisation_code || '-' || period, 'bench', 'x', 1, period_end + interval '4 days 9 hours', feed,
    organisation_code, left(organisation_code, 6), period, period_end, 1, 'accepted'
from ops.obligation;
"""

# Two spells in three are a person's only one; the rest follow one another with gaps on both sides of the tolerated one.
_PLACEMENTS = """
insert into raw.placement (person_key, channel, region, employment_type, employer_name, employer_kind, occupation,
    special_programme, started_on, ended_on, end_reason, monthly_wage, contract_months, organisation_code, _period, _scope,
    _row_key, _row_hash, _from_submission, _sheet, _row)
select person_key, (array['organised', 'relatives', 'own'])[1 + n %% 3], 'in_county',
    (array['transfer', 'farming', 'flexible'])[1 + n %% 3],
    case when n %% 10 > 0 then 'employer ' || r %% 20011 end, 'firm', null,
    case when n %% 25 = 0 then 'public_welfare_post' end, started_on, ended_on,
    case when ended_on is not null then 'resigned' end, case when n %% 7 > 0 then 2400 + r %% 40 * 50 end, 12, township,
    '2026-05', 'placement|' || township, md5(n::text)::uuid, md5('h' || n)::uuid,
    'placement-' || township || '-' || to_char(started_on, 'YYYY-MM'), 'Sheet1', (n / 480 + 2)::integer
from (
    select *, started_on + length as ended_on_or_later,
        case when is_ended and started_on + length <= %(as_of)s then started_on + length end as ended_on
    from (
        select n, r, encode(sha256(person::text::bytea), 'hex') as person_key,
            (990101 + person %% %(districts)s)::text || lpad((person / 97 %% %(townships)s + 1)::text, 3, '0') as township,
            (%(first)s::date + (('x' || substr(md5('p' || person), 1, 7))::bit(28)::bigint %% 330 + (n - 1) %% 3 * 250)::integer)
                as started_on,
            (array[9, 31, 60, 89, 120, 180, 236, 240, 300, 400])[1 + r / 331 %% 10] as length,
            r / 7 %% 10 < 6 as is_ended
        from (
            select n, (case when n %% 3 = 2 and n / 3 %% 2 = 0 then n - 1 else n end) as person,
                ('x' || substr(md5(n::text), 1, 7))::bit(28)::bigint as r
            from generate_series(1, %(rows)s::bigint) as n
        ) as numbered
    ) as drawn
) as spells;
"""

_FOLLOW_UPS = """
insert into raw.follow_up (person_key, followed_up_on, channel, result, monthly_wage, organisation_code, _period, _scope,
    _row_key, _row_hash, _from_submission, _sheet, _row)
select person_key, followed_up_on, 'phone', (array['employed', 'employed', 'employed_elsewhere', 'out_of_work',
    'not_reached'])[1 + n %% 5], null, organisation_code, to_char(followed_up_on, 'YYYY-MM'),
    'follow_up|' || organisation_code || '|' || to_char(followed_up_on, 'YYYY-MM'), md5('f' || _row_key)::uuid,
    md5('f' || _row_key)::uuid, 'follow_up-' || organisation_code || '-' || to_char(followed_up_on, 'YYYY-MM'), 'Sheet1', 2
from (
    select person_key, organisation_code, _row_key, ('x' || substr(_row_key::text, 1, 7))::bit(28)::bigint as n,
        started_on + 75 + (started_on - %(first)s::date) %% 60 as followed_up_on
    from raw.placement
) as placed
where n %% 10 < 2 and followed_up_on <= %(as_of)s;
"""

# Every township corrects its last ledger: a wage or an end changes on the rows of one person in `share`.
_NIGHT = """
create temporary table changed on commit drop as
select * from raw.placement
where _to_submission is null and ('x' || substr(person_key, 1, 7))::bit(28)::bigint %% %(share)s = 0;

insert into ops.submission (submission_id, source_uri, sha256, size_bytes, received_at, feed, organisation_code,
    district_code, period, period_end, version, state)
select submission_id || '-v2', 'bench', 'x', 1, received_at + interval '1 hour', feed, organisation_code, district_code,
    period, period_end, 2, 'accepted'
from ops.submission where feed = 'placement' and period = '2026-05';

update ops.submission set state = 'superseded' where feed = 'placement' and period = '2026-05' and version = 1;

update raw.placement as p set _to_submission = 'placement-' || p.organisation_code || '-2026-05-v2'
from changed as c
where p._scope = c._scope and p._row_key = c._row_key and p._to_submission is null;

update changed set _from_submission = 'placement-' || organisation_code || '-2026-05-v2', _row_hash = md5('v2' || _row_hash)::uuid,
    ended_on = case when _row %% 2 = 0 and ended_on is null then greatest(started_on, %(as_of)s - 20) else ended_on end,
    monthly_wage = monthly_wage + 50;

insert into raw.placement select * from changed;
"""


def fill(connection: psycopg.Connection, settings: Settings, rows: int) -> None:
    """A registry, accepted ledgers of three years, `rows` placements and a follow-up of one in five of them."""
    for contract in load_contracts(settings.contracts).values():
        ensure_raw_table(connection, contract)
    cursor = psycopg.ClientCursor(connection)  # several statements at once, values filled in here
    for text in (_REGISTRY, _PLACEMENTS, _FOLLOW_UPS):
        cursor.execute(
            text.encode(),
            {
                "first": _FIRST_MONTH,
                "months": _MONTHS,
                "districts": _DISTRICTS,
                "townships": _TOWNSHIPS,
                "rows": rows,
                "as_of": AS_OF,
            },
        )
    connection.commit()
    connection.autocommit = True
    connection.execute("vacuum analyze")
    connection.autocommit = False


def change(connection: psycopg.Connection, share: int) -> int:
    """A night in which one person in `share` changed, all over the province; returns the placements it rewrote."""
    cursor = psycopg.ClientCursor(connection)
    cursor.execute(_NIGHT.encode(), {"share": share, "as_of": AS_OF})
    return cursor.rowcount
