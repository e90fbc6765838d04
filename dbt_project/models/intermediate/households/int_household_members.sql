{{ config(materialized='table') }}

-- The registered people with their household and village; the household's file knows the village where the register does not.
select
    people.person_key,
    people.household_key,
    coalesce(townships.district_code, substr(people.township_code, 1, 6)) as district_code,
    people.township_code,
    coalesce(households.village, people.village) as village,
    people.labour_ability,
    people.employment_intent,
    people.training_intent,
    people.education,
    people.birth_year
from {{ ref('int_registered_people') }} as people
left join {{ ref('int_households') }} as households on people.household_key = households.household_key
left join {{ ref('int_townships') }} as townships on people.township_code = townships.township_code
