{{
    config(
        materialized='incremental',
        incremental_strategy='add_up',
        cell=['township_code', 'started_month_no', 'monthly_wage']
    )
}}

-- How many of the placements begun in a township and month state which wage: what their median is read from.
with placements as (
    {{ rows_to_count('int_placements') }}
)

select
    township_code,
    started_month_no,
    monthly_wage,
    sum(sign) as placements
from placements
where has_begun and monthly_wage is not null
group by township_code, started_month_no, monthly_wage
