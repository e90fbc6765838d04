-- Attendances, certificates and classes. A class is a course of a provider that began on a day, whoever came to it.
select
    'training' as figure,
    district_code,
    township_code,
    person_key as item_key,
    1 as amount,
    started_on as first_on,
    started_on as last_on
from {{ ref('int_training') }}
union all
select
    'certificate' as figure,
    district_code,
    township_code,
    person_key as item_key,
    1 as amount,
    certified_on as first_on,
    certified_on as last_on
from {{ ref('int_training') }}
where certified_on is not null
union all
select
    'training_class' as figure,
    district_code,
    township_code,
    {{ key_of(['course_key', 'started_on']) }} as item_key,
    1 as amount,
    started_on as first_on,
    started_on as last_on
from {{ ref('int_training') }}
