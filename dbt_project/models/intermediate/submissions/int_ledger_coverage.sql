{{ config(materialized='table') }}

{#
    A ledger speaks for the last day of its period, or for the day it was sent where that is earlier; never for a day after
    as_of. Of the versions of a period the last one known then stands, whatever came after. A nil report
    covers its period (nothing began in it), but lists nobody, so it is no evidence of anybody's work.
#}
with versions as (
    select
        *,
        row_number() over (partition by organisation_code, feed, period order by version desc) as version_place
    from {{ ref('stg_submission') }}
    where state in ('accepted', 'accepted_with_rejects', 'superseded') and period_end is not null
),

standing as (
    select
        organisation_code,
        feed,
        is_nil,
        least(period_end, received_on, {{ as_of() }}) as cut_off_on,
        row_number() over (
            partition by organisation_code, feed, is_nil
            order by period_end desc, received_at desc, version desc
        ) as place
    from versions
    where version_place = 1
)

select
    organisation_code,
    feed,
    max(cut_off_on) as covered_until,
    max(case when place = 1 and not is_nil then cut_off_on end) as listed_until
from standing
group by organisation_code, feed
