select
    person_key,
    training_type,
    course,
    provider,
    started_on,
    ended_on,
    training_days,
    certified_on,
    is_cooperation_programme,
    living_allowance,
    organisation_code,
    _from_submission as from_submission
from {{ source('raw', 'training') }}
where {{ is_known() }}
