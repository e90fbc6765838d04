{{
    config(
        materialized='incremental',
        incremental_strategy='add_up',
        cell=['employer_key', 'horizon_days']
    )
}}

-- Placements with each employer by outcome.
with outcomes as (
    {{ rows_to_count('int_retention_outcomes') }}
),

placements as (
    {{ rows_to_count('int_placements') }}
)

select
    placements.employer_key,
    outcomes.horizon_days,
    sum(outcomes.sign) as placements,
    sum(case when outcomes.outcome <> 'not_due' then outcomes.sign else 0 end) as due,
    sum(case when outcomes.outcome = 'retained' then outcomes.sign else 0 end) as retained,
    sum(case when outcomes.outcome = 'lost' then outcomes.sign else 0 end) as lost,
    sum(case when outcomes.outcome = 'unknown' then outcomes.sign else 0 end) as unknown
from outcomes
inner join placements
    on
        outcomes.person_key = placements.person_key
        and outcomes.placement_key = placements.placement_key
        and outcomes.sign = placements.sign
where placements.employer_key is not null
group by placements.employer_key, outcomes.horizon_days
