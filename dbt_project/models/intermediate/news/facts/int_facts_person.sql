-- People of the registers, and those of a hardship category, on a day.
select
    'registered' as figure,
    substr(organisation_code, 1, 6) as district_code,
    organisation_code as township_code,
    person_key as item_key,
    1 as amount,
    registered_on as first_on,
    cast(null as date) as last_on
from {{ ref('stg_person') }}
union all
select
    'hardship' as figure,
    substr(people.township_code, 1, 6) as district_code,
    people.township_code,
    hardship.person_key as item_key,
    1 as amount,
    hardship.valid_from as first_on,
    hardship.valid_to as last_on
from {{ ref('int_person_hardship') }} as hardship
inner join {{ ref('int_registered_people') }} as people on hardship.person_key = people.person_key
