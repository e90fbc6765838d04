{{
    config(
        materialized='incremental',
        incremental_strategy='touched_people',
        changed_in=['int_follow_ups_due'],
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
where {{ in_scope('person_key') }}
