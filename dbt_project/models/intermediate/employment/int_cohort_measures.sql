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
    sum(case when continuous_outcome <> 'not_due' and not is_public_post then sign else 0 end) as due_out,
    sum(case when continuous_outcome = 'retained' then sign else 0 end) as continuous_retained_in,
    sum(case when continuous_outcome = 'retained' and not is_public_post then sign else 0 end) as continuous_retained_out,
    sum(case when continuous_outcome = 'lost' then sign else 0 end) as continuous_lost_in,
    sum(case when continuous_outcome = 'lost' and not is_public_post then sign else 0 end) as continuous_lost_out,
    sum(case when same_employer_outcome = 'retained' then sign else 0 end) as same_employer_retained_in,
    sum(case when same_employer_outcome = 'retained' and not is_public_post then sign else 0 end) as same_employer_retained_out,
    sum(case when same_employer_outcome = 'lost' then sign else 0 end) as same_employer_lost_in,
    sum(case when same_employer_outcome = 'lost' and not is_public_post then sign else 0 end) as same_employer_lost_out,
    sum(case when on_day_outcome = 'retained' then sign else 0 end) as on_day_retained_in,
    sum(case when on_day_outcome = 'retained' and not is_public_post then sign else 0 end) as on_day_retained_out,
    sum(case when on_day_outcome = 'lost' then sign else 0 end) as on_day_lost_in,
    sum(case when on_day_outcome = 'lost' and not is_public_post then sign else 0 end) as on_day_lost_out
from measured
group by district_code, started_month_no, horizon_days
