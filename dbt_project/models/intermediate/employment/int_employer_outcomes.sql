{{
    config(
        materialized='incremental',
        incremental_strategy='add_up',
        cell=['employer_key', 'horizon_days']
    )
}}

{% set joined = ['int_retention_outcomes', 'int_placements'] %}
-- Placements with each employer by outcome.
with outcomes as (
    {{ rows_to_count('int_retention_outcomes', changed_in=joined) }}
),

placements as (
    {{ rows_to_count('int_placements', changed_in=joined) }}
)

select
    placements.employer_key,
    outcomes.horizon_days,
    {{ counts_by_outcome('outcomes') }}
from outcomes
inner join placements
    on
        outcomes.person_key = placements.person_key
        and outcomes.placement_key = placements.placement_key
        and outcomes.sign = placements.sign
where placements.employer_key is not null
group by placements.employer_key, outcomes.horizon_days
