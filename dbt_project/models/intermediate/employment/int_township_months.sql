{{
    config(
        materialized='incremental',
        incremental_strategy='add_up',
        cell=['district_code', 'township_code', 'started_month_no']
    )
}}

-- Placements begun in each township and month, and the people in them, each once.
with placements as (
    {{ rows_to_count('int_placements') }}
),

people as (
    select
        person_key,
        sign,
        district_code,
        township_code,
        started_month_no,
        sum(sign) as placements,
        sum(case when is_public_post then sign else 0 end) as public_posts,
        sum(case when monthly_wage is not null then sign else 0 end) as wages_known
    from placements
    where has_begun
    group by person_key, sign, district_code, township_code, started_month_no
)

select
    district_code,
    township_code,
    started_month_no,
    sum(placements) as placements,
    sum(sign) as persons_placed,
    sum(public_posts) as public_posts,
    sum(wages_known) as wages_known
from people
group by district_code, township_code, started_month_no
