{{
    config(
        materialized='incremental',
        incremental_strategy='add_up',
        cell=['district_code', 'township_code', 'month_no', 'horizon_days']
    )
}}

-- Follow-ups owed by each township, month they are due in and horizon: by state, by what they found.
with owed as (
    {{ rows_to_count('int_follow_ups_due') }}
)

select
    district_code,
    township_code,
    month_no,
    horizon_days,
    sum(sign) as owed,
    {% for state in ['on_time', 'late', 'missed', 'not_reported', 'due', 'coming'] -%}
        sum(case when state = '{{ state }}' then sign else 0 end) as {{ state }},
    {% endfor -%}
    {% for result in ['employed', 'employed_elsewhere', 'out_of_work', 'not_reached'] -%}
        sum(case when result = '{{ result }}' then sign else 0 end) as {{ result }},
    {% endfor -%}
    sum(case when placed_again_on is not null then sign else 0 end) as placed_again
from owed
group by district_code, township_code, month_no, horizon_days
