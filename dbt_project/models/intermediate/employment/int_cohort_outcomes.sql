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
    {{ counts_by_outcome('outcomes') }},
    sum(case when is_followed_up then sign else 0 end) as followed_up
from outcomes
group by district_code, started_month_no, horizon_days
