select
    person_key,
    category,
    valid_from,
    valid_to,
    source
from {{ ref('int_person_hardship') }}
