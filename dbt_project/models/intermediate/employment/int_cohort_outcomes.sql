{{
    config(
        materialized='incremental',
        incremental_strategy='add_up',
        cell=['district_code', 'started_month_no', 'horizon_days']
    )
}}

with outcomes as (
    {{ rows_to_count('int_retention_outcomes') }}
)

select
    district_code,
    started_month_no,
    horizon_days,
    sum(sign) as placements,
    sum(case when outcome <> 'not_due' then sign else 0 end) as due,
    sum(case when outcome = 'retained' then sign else 0 end) as retained,
    sum(case when outcome = 'lost' then sign else 0 end) as lost,
    sum(case when outcome = 'unknown' then sign else 0 end) as unknown,
    sum(case when is_followed_up then sign else 0 end) as followed_up
from outcomes
group by district_code, started_month_no, horizon_days
