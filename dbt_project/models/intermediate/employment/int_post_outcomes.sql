{{
    config(
        materialized='incremental',
        incremental_strategy='add_up',
        cell=['district_code', 'is_public_post', 'horizon_days']
    )
}}

{% set joined = ['int_retention_outcomes', 'int_placements'] %}
-- Placements of each district by outcome, public-welfare posts and others.
with outcomes as (
    {{ rows_to_count('int_retention_outcomes', changed_in=joined) }}
),

placements as (
    {{ rows_to_count('int_placements', changed_in=joined) }}
)

select
    outcomes.district_code,
    placements.is_public_post,
    outcomes.horizon_days,
    {{ counts_by_outcome('outcomes') }}
from outcomes
inner join placements
    on
        outcomes.person_key = placements.person_key
        and outcomes.placement_key = placements.placement_key
        and outcomes.sign = placements.sign
group by outcomes.district_code, placements.is_public_post, outcomes.horizon_days
