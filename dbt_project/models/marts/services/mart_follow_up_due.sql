{{
    config(
        materialized='incremental',
        incremental_strategy='touched_people',
        indexes=[{'columns': ['person_key']}]
    )
}}

select
    placement_key,
    person_key,
    district_code,
    township_code,
    horizon_days,
    due_on,
    closes_on,
    done_on,
    result,
    state,
    placed_again_on,
    month_no
from {{ ref('int_follow_ups_due') }}
-- A person's rows lie together: a night reads a third of the pages.
order by person_key
