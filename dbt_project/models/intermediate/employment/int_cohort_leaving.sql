{{
    config(
        materialized='incremental',
        incremental_strategy='add_up',
        cell=['district_code', 'started_month_no', 'observed_days']
    )
}}

-- How many placements of each district and month of start are observed for so many days, and of how many the end is known.
with continuity as (
    {{ rows_to_count('int_placement_continuity') }}
)

select
    district_code,
    started_month_no,
    observed_days,
    sum(sign) as leaving,
    sum(case when is_open then 0 else sign end) as events
from continuity
group by district_code, started_month_no, observed_days
