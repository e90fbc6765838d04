-- Every version of every row, current or closed: what a person once was, and until which submission.
select
    person_key,
    hardship_categories,
    hardship_recognised_on,
    registered_on,
    organisation_code,
    _from_submission as from_submission,
    _to_submission as to_submission
from {{ source('raw', 'person') }}
