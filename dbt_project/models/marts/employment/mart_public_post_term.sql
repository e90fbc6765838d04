{{
    config(
        materialized='incremental',
        incremental_strategy='touched_people',
        changed_in=['int_placements', 'int_employment_spells'],
        indexes=[{'columns': ['person_key']}]
    )
}}

select
    person_key,
    district_code,
    township_code,
    first_started_on,
    last_started_on,
    is_open,
    months_served,
    months_max,
    -- greatest() alone would make 0 of an unknown limit.
    case when months_max is not null then greatest(months_max - months_served, 0) end as months_left,
    case
        when months_served > months_max then 'over'
        when not is_open then 'ended'
        when months_max - months_served <= 3 then 'ends_soon'
        else 'within'
    end as state
from {{ ref('int_public_post_terms') }}
