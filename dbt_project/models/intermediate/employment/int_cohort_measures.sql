{{
    config(
        materialized='incremental',
        incremental_strategy='add_up',
        cell=['district_code', 'started_month_no', 'horizon_days']
    )
}}

-- Counts of each cohort by every measure of retention, with public-welfare posts (in) and without them (out).
with measured as (
    {{ rows_to_count('int_retention_measures') }}
)

select
    district_code,
    started_month_no,
    horizon_days,
    sum(sign) as placements_in,
    sum(case when not is_public_post then sign else 0 end) as placements_out,
    sum(case when continuous_outcome <> 'not_due' then sign else 0 end) as due_in,
    sum(case when continuous_outcome <> 'not_due' and not is_public_post then sign else 0 end) as due_out
    {%- for measure in retention_measures() %}
    {%- for outcome in ['retained', 'lost'] %},
    sum(case when {{ measure }}_outcome = '{{ outcome }}' then sign else 0 end) as {{ measure }}_{{ outcome }}_in,
    sum(case when {{ measure }}_outcome = '{{ outcome }}' and not is_public_post then sign else 0 end)
        as {{ measure }}_{{ outcome }}_out
    {%- endfor %}
    {%- endfor %}
from measured
group by district_code, started_month_no, horizon_days
