{{
    config(
        materialized='incremental',
        incremental_strategy='add_up',
        cell=['district_code', 'quarter_no', 'horizon_days']
    )
}}

-- Placements of each district, quarter of start and horizon by outcome, and the people behind each count.
with outcomes as (
    {{ rows_to_count('int_retention_outcomes') }}
),

dated as (
    select
        person_key,
        sign,
        district_code,
        horizon_days,
        outcome,
        cast((started_month_no - mod(started_month_no, 3)) / 3 as integer) as quarter_no
    from outcomes
),

people as (
    select
        person_key,
        sign,
        district_code,
        quarter_no,
        horizon_days,
        sum(sign) as placements,
        sum(case when outcome <> 'not_due' then sign else 0 end) as due,
        sum(case when outcome = 'retained' then sign else 0 end) as retained,
        sum(case when outcome = 'lost' then sign else 0 end) as lost,
        sum(case when outcome = 'unknown' then sign else 0 end) as unknown
    from dated
    group by person_key, sign, district_code, quarter_no, horizon_days
)

select
    district_code,
    quarter_no,
    horizon_days,
    sum(placements) as placements,
    sum(due) as due,
    sum(retained) as retained,
    sum(lost) as lost,
    sum(unknown) as unknown,
    sum(case when due <> 0 then sign else 0 end) as due_people,
    sum(case when retained <> 0 then sign else 0 end) as retained_people,
    sum(case when lost <> 0 then sign else 0 end) as lost_people,
    sum(case when unknown <> 0 then sign else 0 end) as unknown_people
from people
group by district_code, quarter_no, horizon_days
