{{ config(materialized='table') }}

-- One row for each person of the registers: where several townships list one, the earliest registered, then the lower code.
with ordered as (
    select
        *,
        row_number() over (partition by person_key order by registered_on, organisation_code) as place
    from {{ ref('stg_person') }}
)

select
    person_key,
    sex,
    cast(birth_year as integer) as birth_year,
    education,
    organisation_code as township_code,
    registered_on as first_registered_on,
    household_key,
    village,
    labour_ability,
    employment_intent,
    training_intent
from ordered
where place = 1
