{{
    config(
        materialized='incremental',
        incremental_strategy='touched_people',
        changed_in=['int_follow_ups'],
        indexes=[{'columns': ['person_key']}]
    )
}}

select
    follow_up_key,
    person_key,
    district_code,
    township_code,
    followed_up_on,
    channel,
    result,
    cast(monthly_wage as numeric(12, 2)) as monthly_wage,
    is_reached,
    month_no
from {{ ref('int_follow_ups') }}
where {{ in_scope('person_key') }}
