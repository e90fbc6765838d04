select
    person_key,
    sex,
    birth_year,
    education,
    township_code,
    first_registered_on,
    is_registered
from {{ ref('int_people') }}
