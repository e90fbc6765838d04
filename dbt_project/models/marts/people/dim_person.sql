{{
    config(
        materialized='incremental',
        incremental_strategy='touched_people',
        changed_in=['int_people'],
        indexes=[{'columns': ['person_key']}]
    )
}}

select
    person_key,
    sex,
    birth_year,
    education,
    township_code,
    first_registered_on,
    is_registered
from {{ ref('int_people') }}
where {{ in_scope('person_key') }}
