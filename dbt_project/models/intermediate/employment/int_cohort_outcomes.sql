select
    district_code,
    started_month_no,
    horizon_days,
    count(*) as placements,
    sum(case when outcome <> 'not_due' then 1 else 0 end) as due,
    sum(case when outcome = 'retained' then 1 else 0 end) as retained,
    sum(case when outcome = 'lost' then 1 else 0 end) as lost,
    sum(case when outcome = 'unknown' then 1 else 0 end) as unknown,
    sum(case when is_followed_up then 1 else 0 end) as followed_up
from {{ ref('int_retention_outcomes') }}
group by district_code, started_month_no, horizon_days
