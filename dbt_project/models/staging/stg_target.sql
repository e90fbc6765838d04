select
    area_code,
    area_name,
    year,
    placements_target,
    ventures_target,
    skill_training_target,
    startup_training_target,
    organisation_code,
    _period as reported_period,
    _from_submission as from_submission
from {{ source('raw', 'target') }}
where {{ is_known() }}
