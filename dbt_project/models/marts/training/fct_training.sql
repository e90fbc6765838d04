select
    training.training_key,
    training.person_key,
    training.district_code,
    training.township_code,
    training.course_key,
    training.training_type,
    training.started_on,
    training.ended_on,
    training.training_days,
    training.certified_on,
    training.is_cooperation_programme,
    training.living_allowance,
    placed.placed_on,
    training.started_month_no
from {{ ref('int_training') }} as training
left join {{ ref('int_training_placements') }} as placed on training.training_key = placed.training_key
