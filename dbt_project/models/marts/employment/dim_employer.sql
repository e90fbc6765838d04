select
    employer_key,
    employer_name,
    employer_kind,
    first_placement_on,
    last_placement_on
from {{ ref('int_employers') }}
